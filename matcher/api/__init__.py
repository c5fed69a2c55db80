"""The JSON interface under ``/api/v1``, described by its own OpenAPI document."""

from __future__ import annotations

from flask import Flask

from matcher.api import catalogue, docs
from matcher.api.openapi import document, make_api, set_version_header

RESOURCES = (*catalogue.RESOURCES,)


def init_app(app: Flask) -> None:
    """Registers every resource, the OpenAPI document and its page on the application."""
    # Fields come in the order of the contract, not of the alphabet.
    app.json.sort_keys = False
    api = make_api(app)
    for resource in RESOURCES:
        api.register_blueprint(resource)
    app.register_blueprint(docs.blp)
    app.extensions[docs.EXTENSION] = document(api)
    app.after_request(set_version_header)
