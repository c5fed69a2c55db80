"""The OpenAPI document and the page made of it."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, json, render_template

from matcher.api.blueprint import BASE
from matcher.api.reference_page import groups_of, schemas_of
from matcher.http.permissions import public

EXTENSION = "matcher.openapi"
"""Where the application keeps the interface that describes itself."""

blp = Blueprint(
    "api-docs",
    __name__,
    url_prefix=BASE,
    template_folder="templates",
    static_folder="static",
    static_url_path="/docs/static",
)


@blp.get("/openapi.json")
@public
def openapi() -> Response:
    """The document as JSON; scripts of any site may read it, for it holds nothing of anybody."""
    response = Response(
        json.dumps(current_app.extensions[EXTENSION].document, ensure_ascii=False, sort_keys=False),
        content_type="application/json",
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blp.get("/docs")
@public
def reference() -> str:
    """The document as a page that can be read, searched and printed."""
    document = current_app.extensions[EXTENSION].document
    return render_template(
        "api/reference.html",
        document=document,
        groups=groups_of(document),
        schemas=schemas_of(document),
    )
