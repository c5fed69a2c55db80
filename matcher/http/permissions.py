"""Which rights a route asks for, declared on the view and enforced before it runs.

A view carries ``@requires(Right.COACH, …)`` (any one of them is enough), ``@signed_in`` (any
account) or ``@public``. A route with none of these is refused, so that forgetting one shows at
once. For class-based views the mark may stand on the class or on a method.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from flask import Flask, current_app, g, request

from matcher.domain.access import Right, Viewer
from matcher.domain.errors import Forbidden
from matcher.http.clock import now
from matcher.http.db import current_session
from matcher.http.identity import NotSignedIn, current_viewer, forget_viewer, viewer_or_nobody
from matcher.repositories.acting import Actor, act_as

log = structlog.get_logger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "__matcher_permission__"
_NOBODY = "__matcher_nobody__"
PUBLIC: frozenset[Right] = frozenset()
"""The permission of a route that anybody may open."""
ANY_ACCOUNT = frozenset(Right)
"""The permission of a route for whoever is signed in."""


def requires(*rights: Right) -> Callable[[View], View]:
    """Marks a view (function, method or class) as open to viewers with any of `rights`."""
    if not rights:
        raise ValueError("name the rights, or use @public")

    def mark(view: View) -> View:
        setattr(view, _MARK, frozenset(rights))
        return view

    return mark


def signed_in(view: View) -> View:
    """Marks a view as open to any signed-in account, whatever its rights."""
    setattr(view, _MARK, ANY_ACCOUNT)
    return view


def public(view: View) -> View:
    """Marks a view as open to anybody."""
    setattr(view, _MARK, PUBLIC)
    return view


def unnamed(view: View) -> View:
    """Marks a view as open to anybody, who on it is a visitor also when signed in.

    Nothing that happens there is tied to an account: not in the log, not in what is kept.
    """
    setattr(view, _NOBODY, True)
    return public(view)


def public_endpoint(app: Flask, endpoint: str) -> None:
    """Marks a view of a library as open to anybody, such as the document of the API."""
    view = app.view_functions[endpoint]

    def open_view(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    app.view_functions[endpoint] = public(open_view)


def permission_of(view: Any, method: str) -> frozenset[Right] | None:
    """The rights that `view` asks for on `method`; None when nothing was declared."""
    view_class = getattr(view, "view_class", None)
    handler = getattr(view_class, method.lower(), None)
    if handler is None and method == "HEAD":
        handler = getattr(view_class, "get", None)
    for candidate in (handler, view, view_class):
        mark: frozenset[Right] | None = getattr(candidate, _MARK, None)
        if mark is not None:
            return mark
    return None


def is_static(endpoint: str) -> bool:
    """Whether an endpoint serves files of the package: open to anybody by nature."""
    return endpoint == "static" or endpoint.endswith(".static")


def check_permission() -> None:
    """Before each request: NotSignedIn or Forbidden unless the viewer may open the route."""
    endpoint = request.endpoint
    if endpoint is None or is_static(endpoint) or request.method == "OPTIONS":
        return
    view = current_app.view_functions[endpoint]
    if getattr(view, _NOBODY, False):
        forget_viewer()
    permission = permission_of(view, request.method)
    if permission is None:
        log.error("route_without_permission", endpoint=endpoint)
        raise Forbidden(f"route {endpoint} declares no permission")
    if permission == PUBLIC:
        _begin_work(viewer_or_nobody(), PUBLIC)
        return
    viewer = current_viewer()
    if viewer is None:
        raise NotSignedIn
    if not (permission & viewer.rights or permission == ANY_ACCOUNT):
        raise Forbidden("none of the rights that this asks for")
    _begin_work(viewer, permission)


def _begin_work(viewer: Viewer, permission: frozenset[Right]) -> None:
    # Of several rights that would open the door, the first in the order of `Right` is the one used.
    used = next((right for right in Right if right in permission & viewer.rights), None)
    actor = Actor(viewer, now(), used, request_id=g.get("request_id"))
    act_as(current_session(), actor)
