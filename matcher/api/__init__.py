"""The JSON interface under ``/api/v1``, described by its own OpenAPI document."""

from __future__ import annotations

from flask import Flask

from matcher.api import (
    allocations,
    arrangements,
    artefacts,
    attendance,
    audit_entries,
    candidate_advice,
    candidates,
    catalogue,
    contracts,
    contributions,
    decisions,
    displacement,
    docs,
    doubles,
    imports,
    introductions,
    jobs,
    placements,
    previews,
    programmes,
    requests,
    rule_sets,
    shortlists,
    vacancies,
)
from matcher.api.exact_provider import ExactProvider
from matcher.api.openapi import make_api, set_version_header

_VIEWS = (
    candidates,
    candidate_advice,
    decisions,
    vacancies,
    displacement,
    shortlists,
    requests,
    programmes,
    attendance,
    doubles,
    arrangements,
    artefacts,
    previews,
    audit_entries,
    introductions,
    placements,
    contracts,
    contributions,
    jobs,
    imports,
)
RESOURCES = (
    *dict.fromkeys(views.blp for views in _VIEWS),
    *allocations.RESOURCES,
    *catalogue.RESOURCES,
    rule_sets.blp,
)
"""Every resource once; what belongs to a candidate is spread over three modules."""


def init_app(app: Flask) -> None:
    """Registers every resource, the OpenAPI document and its page on the application."""
    app.json = ExactProvider(app)
    api = make_api(app)
    for resource in RESOURCES:
        api.register_blueprint(resource)
    app.register_blueprint(docs.blp)
    app.extensions[docs.EXTENSION] = api
    app.after_request(set_version_header)
