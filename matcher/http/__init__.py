"""Request mechanisms that pages and the JSON API share, below both and above the services.

Web and API are siblings that may not import each other, so what both need stands here:
``permissions`` (``requires``, ``public``), ``identity`` (``current_viewer``), ``db``
(``current_session``), ``errors`` (a page or ``application/problem+json``), ``idempotency`` and
``etag``.
"""
