"""What all tables share: names of constraints, the register of data, row ids and versions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from sqlalchemy import CheckConstraint, Integer, MetaData, String
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from matcher.models.types import UtcDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Names show in errors and migrations, so they are the same on both databases."""


class Purpose(StrEnum):
    """Why a column exists; the register of processing is generated from it."""

    GUIDANCE = "guidance"
    """Finding learning-work that fits, with the candidate."""
    SUPPORT = "support"
    """Offering help; never read by fit, rank or allocation."""
    VACANCY = "vacancy"
    """Describing work that a contractor offers."""
    DISPLACEMENT = "displacement"
    """Finding out whether a place costs somebody else work."""
    PROGRAMME = "programme"
    """Describing what can be followed before or beside work."""
    ACCOUNTABILITY = "accountability"
    """Showing later which advice was given on what, and who decided."""
    GROUP_AUDIT = "group_audit"
    """The social return value and the audit of groups, kept apart from scoring."""
    ACCESS = "access"
    """Knowing who is at work and what they may reach."""
    CONTACT = "contact"
    """Reaching somebody in the way they chose."""
    INTRODUCTION = "introduction"
    """Bringing a candidate and a contractor together, with the candidate's consent."""
    OWN_SAY = "own_say"
    """What candidates ask, add or object to about their own data."""
    OPERATION = "operation"
    """Running the service."""


class Retention(StrEnum):
    """How long a column is kept; the numbers of days belong to the retention rules."""

    CASE = "case"
    DRAFT = "draft"
    ADVICE = "advice"
    DECISION = "decision"
    VACANCY = "vacancy"
    REPORT = "report"
    """What somebody from outside reported, until some time after it was looked at."""
    REFERENCE = "reference"
    ACCOUNT = "account"
    OPERATION = "operation"
    UPLOAD = "upload"
    """Files that came in, until some days after."""
    SESSION = "session"
    """Sessions and links that have ended."""
    MESSAGE = "message"
    INTRODUCTION = "introduction"
    SEAT = "seat"
    """Seats in programmes and who came when."""
    PLACEMENT = "placement"
    """Placements, and how it went on after them."""
    CONTRACT = "contract"
    """A public contract with its account, until some time after its end."""
    AUDIT = "audit"
    TOMBSTONE = "tombstone"
    """What must outlive an erasure, so that a restore cannot undo it; it names nobody."""


class DataClass(StrEnum):
    """How sensitive a column is."""

    PLAIN = "plain"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    """Not in GDPR article 9, yet handled as strictly: money, home, benefit."""
    HEALTH = "gdpr9"
    """Functional limits of a person are health data (practice.md section 7, 3)."""
    SECRET = "secret"  # noqa: S105  the name of a class of data, not a secret


def about(
    purpose: Purpose, retention: Retention, data_class: DataClass = DataClass.PLAIN
) -> dict[str, Any]:
    """The entry of a column in the register, for ``mapped_column(info=…)``."""
    return {"purpose": purpose, "retention": retention, "class": data_class}


class Base(DeclarativeBase):
    """The declarative base; its metadata is what migrations are compared with."""

    metadata = MetaData(naming_convention=NAMES)

    retention: ClassVar[Retention] = Retention.OPERATION
    """The class of the row itself: of its id, version and timestamps."""


class Identified:
    """Rows with a number of their own, which never carries meaning."""

    __abstract__ = True

    @declared_attr
    def id(cls) -> Mapped[int]:  # noqa: N805  a declared attribute gets the class
        retention: Retention = cls.retention  # type: ignore[attr-defined]  # from Base
        return mapped_column(
            Integer, primary_key=True, sort_order=-20, info=about(Purpose.OPERATION, retention)
        )


class Versioned(Identified):
    """Rows that people change: a counter for ETag and ``If-Match``, and when it happened.

    The counter rises with every change by the ORM itself, and a change on an older version
    finds no row: two people cannot overwrite each other unseen.
    """

    __abstract__ = True

    @declared_attr
    def version(cls) -> Mapped[int]:  # noqa: N805  a declared attribute gets the class
        retention: Retention = cls.retention  # type: ignore[attr-defined]  # from Base
        return mapped_column(Integer, sort_order=-19, info=about(Purpose.OPERATION, retention))

    @declared_attr
    def created_at(cls) -> Mapped[datetime]:  # noqa: N805  a declared attribute gets the class
        retention: Retention = cls.retention  # type: ignore[attr-defined]  # from Base
        return mapped_column(UtcDateTime, sort_order=20, info=about(Purpose.OPERATION, retention))

    @declared_attr
    def updated_at(cls) -> Mapped[datetime]:  # noqa: N805  a declared attribute gets the class
        retention: Retention = cls.retention  # type: ignore[attr-defined]  # from Base
        return mapped_column(UtcDateTime, sort_order=20, info=about(Purpose.OPERATION, retention))

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  a declared attribute gets the class
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]  # mapped


class Scoped:
    """Marks what not everybody may reach: a query that was not scoped finds none of it."""

    __abstract__ = True


E = TypeVar("E", bound=StrEnum)


def by_value(kind: type[E], length: int = 40, *, name: str | None = None) -> SqlEnum:
    """A column of an enum stored by its value, checked by the database on both kinds.

    `name` is that of the check, for a table with two columns of one kind.
    """
    kind_name = "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("_")
    return SqlEnum(
        kind,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=length,
        name=name or kind_name,
        values_callable=lambda members: [member.value for member in members],
    )


def between(column: str, lowest: float, highest: float) -> CheckConstraint:
    """A constraint that a known `column` lies in its range; unknown always passes."""
    return CheckConstraint(f'"{column}" BETWEEN {lowest} AND {highest}', name=column)


REGION = String(60)
REFERENCE = String(200)
CODE = String(60)
HASH = String(64)
