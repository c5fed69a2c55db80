"""One public function a use case, one transaction each; none of them knows the web framework.

Every function takes the session and the `Viewer` at work, and raises the family of
``matcher.domain.errors``: what a viewer may not know of is `NotFound`. ``candidates``, ``intake``,
``vacancies``, ``fits``, ``call_requests``, ``programmes``, ``decisions`` and ``caseload`` serve
daily work; ``assessments`` keeps and replays advice; ``imports`` and ``exports`` move files;
``accounts``, ``idempotency``, ``backup`` and ``demo`` keep it running; ``visibility`` says who may
see what.
"""
