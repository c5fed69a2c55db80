"""What of the log each right reaches; what candidates do in their own view stays theirs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_

from matcher.domain.access import Right, Viewer
from matcher.models.states import AuditAction

Condition = ColumnElement[bool]

_OWN_VIEW = (AuditAction.READ, AuditAction.LIST, AuditAction.EXPORT, AuditAction.SIGN_IN)
_OPERATIONS = (
    AuditAction.SIGN_IN,
    AuditAction.OPERATE,
    AuditAction.CREATE,
    AuditAction.CHANGE,
    AuditAction.ERASE,
)


def log_of_region(model: Any, viewer: Viewer) -> Condition:
    """The entries of the viewer's region, without those of candidates in their own view."""
    if viewer.region is None:
        return false()
    return and_(model.region == viewer.region, not_(_is_in_own_view(model)))


def log_of_operations(model: Any, _viewer: Viewer) -> Condition:
    """Accounts and operations of every region, and nothing of a person."""
    about_nobody = and_(model.candidate_id.is_(None), model.action.in_(_OPERATIONS))
    return and_(about_nobody, not_(_is_in_own_view(model)))


def _is_in_own_view(model: Any) -> Condition:
    by_candidate = func.coalesce(model.right_used, "") == Right.CANDIDATE.value
    return and_(by_candidate, model.action.in_(_OWN_VIEW))
