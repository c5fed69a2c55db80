"""What would become of each row: fine, fixable or refused, with where, why and the way out."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from matcher.domain.candidate import AuditAttributes, CandidateProfile
from matcher.domain.programme import Programme
from matcher.domain.vacancy import VacancyProfile
from matcher.files.cells import Unreadable, is_empty
from matcher.files.columns import Kind
from matcher.files.columns_candidate import AUDIT_COLUMNS
from matcher.files.import_cells import TAKEN_OUT, KeptRow, shown_cell
from matcher.files.import_fixes import LEAVE_OUT, Fix, FixKind, propose
from matcher.files.import_targets import BESIDE, Target, targets_of
from matcher.files.messages import CellError
from matcher.models.states import ImportKind
from matcher.reference.import_columns import load_import_columns

_AUDIT: Final = tuple(column.field_name for column in AUDIT_COLUMNS)
_HIDDEN: Final = "***"
_SHOWN_MAXIMUM: Final = 80
_REMEMBERED_CELLS: Final = 20_000
_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_KEY_LENGTH: Final = 10


class RowState(StrEnum):
    """What a row is before somebody decides about its proposals."""

    FINE = "fine"
    FIXABLE = "fixable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one row. `fix` is None where nothing can be proposed: the row is refused.

    `where` is the header of the sender, `target` what it fills; `facts` fill the message `code`.
    """

    row: int
    where: str
    target: str
    code: str
    facts: Mapping[str, object]
    shown: str
    fix: Fix | None

    @property
    def group(self) -> str:
        """What findings that are decided about together share."""
        kind = "" if self.fix is None else self.fix.kind.value
        return f"{self.target}:{self.code}:{kind}"

    def as_json(self) -> list[Any]:
        """The finding as it is kept."""
        fix = None if self.fix is None else [self.fix.kind.value, self.fix.cell]
        return [self.row, self.where, self.target, self.code, dict(self.facts), self.shown, fix]

    @classmethod
    def from_json(cls, kept: Sequence[Any]) -> Finding:
        """The finding that `as_json` wrote."""
        row, where, target, code, facts, shown, fix = kept
        known = None if fix is None else Fix(FixKind(fix[0]), fix[1])
        return cls(row, where, target, code, facts, shown, known)


@dataclass(slots=True)
class CheckedRow:
    """One row as read: its values by field name, and what was found.

    `reference` is None for a row that has no key; `is_derived` when the row gave it one.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    reference: str | None = None
    is_derived: bool = False

    @property
    def state(self) -> RowState:
        """What the row is."""
        if any(finding.fix is None for finding in self.findings):
            return RowState.REFUSED
        return RowState.FIXABLE if self.findings else RowState.FINE


@dataclass(frozen=True, slots=True)
class Setting:
    """What all rows of a file share.

    `mapping` gives for each column of the file what it fills, or None. `coaches` are the accounts
    that a row may name as coach. `month_first` names headers whose dates have the month first;
    `key` is the secret from which rows without a reference get one.
    """

    kind: ImportKind
    region: str
    headers: Sequence[str]
    mapping: Sequence[str | None]
    key: bytes
    coaches: Mapping[str, int] = field(default_factory=dict)
    month_first: Collection[str] = ()


Accepts = Callable[[Finding], bool]


class RowReader:
    """Reads rows of one file; equal cells of a column are understood once."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        targets = targets_of(setting.kind)
        self.columns: list[tuple[int, str, Target]] = [
            (index, header, targets[name])
            for index, (header, name) in enumerate(
                zip(setting.headers, setting.mapping, strict=True)
            )
            if name is not None
        ]
        self.targets = targets
        self._known: dict[str, dict[tuple[type, object], Any]] = {}
        self._keyed = load_import_columns().row_keys[setting.kind]

    @property
    def fields(self) -> frozenset[str]:
        """The values that the file speaks of; of all others it says nothing."""
        found = {target.field_name for _, _, target in self.columns} | {"reference"}
        return frozenset(found | {"region"})

    def read(self, row: KeptRow, accepts: Accepts | None = None) -> CheckedRow:
        """One row; with `accepts`, proposals that it accepts take the place of what stood there."""
        found = CheckedRow(row.number)
        if row.problems:
            where, why = row.problems[0]
            found.findings.append(
                Finding(row.number, where, "row", "shape", {"why": why}, "", None)
            )
            return found
        for index, header, target in self.columns:
            self._cell(found, header, target, row.cells[index], accepts)
        self._whole_row(found, accepts)
        return found

    def _cell(
        self, found: CheckedRow, header: str, target: Target, raw: object, accepts: Accepts | None
    ) -> None:
        value = self._understood(header, target, raw)
        if not isinstance(value, _Refused):
            found.values[target.field_name] = value
            return
        finding = Finding(
            found.number,
            header,
            target.name,
            value.code,
            value.facts,
            _shown(target, raw),
            value.fix,
        )
        if value.fix is not None and accepts is not None and accepts(finding):
            found.values[target.field_name] = self._fixed(target, value.fix)
        else:
            found.findings.append(finding)

    def _understood(self, header: str, target: Target, raw: object) -> Any:
        known = self._known.setdefault(header, {})
        try:
            key = (type(raw), raw)
            if key in known:
                return known[key]
        except TypeError:
            return self._read(header, target, raw)
        if len(known) >= _REMEMBERED_CELLS:
            known.clear()
        found = known[key] = self._read(header, target, raw)
        return found

    def _read(self, header: str, target: Target, raw: object) -> Any:
        try:
            value = target.read(raw)
            if target.name == "coach" and value is not None and value not in self.setting.coaches:
                raise CellError("coach_unknown")
            return value
        except CellError as refused:
            month_first = header in self.setting.month_first
            # What has no key of its own may still get one from the rest of its row.
            fix = (
                LEAVE_OUT
                if target.name == "reference" and self._keyed
                else propose(target, raw, month_first=month_first)
            )
            if fix is not None and fix.kind is FixKind.KNOWN:
                return self._fixed(target, fix)
            return _Refused(refused.code, refused.facts, fix)

    def _fixed(self, target: Target, fix: Fix) -> Any:
        if fix.cell is None:
            return target.column.empty if target.column is not None else None
        return target.read(fix.cell)

    def _whole_row(self, found: CheckedRow, accepts: Accepts | None) -> None:
        values = found.values
        low, high = values.get("hours_min"), values.get("hours_max")
        if low is not None and high is not None and low > high:
            finding = self._about(
                found, "hours_min", "hours_order", f"{low:g} / {high:g}",
                Fix(FixKind.SWAP, f"{high:g} / {low:g}"),
            )  # fmt: skip
            if accepts is not None and accepts(finding):
                values["hours_min"], values["hours_max"] = high, low
            else:
                found.findings.append(finding)
        self._region(found)
        reference = values.get("reference")
        if reference is None:
            reference = self._derived(values)
            found.is_derived = reference is not None
        if reference is None and not any(f.target == "reference" for f in found.findings):
            code = "no_key" if self._keyed else "required"
            found.findings.append(self._about(found, "reference", code, "", None))
        found.reference = values["reference"] = reference
        for target in self.targets.values():
            if target.required and target.name not in ("reference", "region"):
                is_told = any(finding.target == target.name for finding in found.findings)
                if values.get(target.field_name) is None and not is_told:
                    found.findings.append(self._about(found, target.name, "required", "", None))

    def _region(self, found: CheckedRow) -> None:
        given = found.values.get("region")
        if given is not None and given != self.setting.region:
            found.findings.append(self._about(found, "region", "own_region", str(given), None))
        found.values["region"] = given or self.setting.region

    def _about(
        self, found: CheckedRow, target: str, code: str, shown: str, fix: Fix | None
    ) -> Finding:
        header = next((h for _, h, t in self.columns if t.name == target), target)
        return Finding(found.number, header, target, code, {}, shown, fix)

    def _derived(self, values: Mapping[str, Any]) -> str | None:
        """A key of its own for a row that has none: the same person gets the same one again.

        It is made from the columns that ``row_key`` of ``data/imports`` names, under a secret, so
        that it tells nothing of them. The first of them has to be known.
        """
        names = self._keyed
        if not names or is_empty(values.get(names[0])):
            return None
        parts = [str(values.get(name) or "").casefold() for name in names]
        text = "\0".join([self.setting.kind, self.setting.region, *parts])
        number = int.from_bytes(hmac.new(self.setting.key, text.encode(), hashlib.sha256).digest())
        drawn = ""
        for _ in range(_KEY_LENGTH):
            number, rest = divmod(number, len(_ALPHABET))
            drawn += _ALPHABET[rest]
        return f"B-{drawn}"


@dataclass(frozen=True, slots=True)
class _Refused:
    code: str
    facts: Mapping[str, object]
    fix: Fix | None


def _shown(target: Target, raw: object) -> str:
    """A cell as the page repeats it: short, and nothing of what is never kept or asked."""
    if isinstance(raw, Unreadable) or target.name == "note":
        is_hidden = target.name == "note" or (isinstance(raw, Unreadable) and raw.code in TAKEN_OUT)
        return _HIDDEN if is_hidden else shown_cell(raw)
    text = "".join(c if c.isprintable() else "?" for c in shown_cell(raw))
    return f"{text[: _SHOWN_MAXIMUM - 3]}..." if len(text) > _SHOWN_MAXIMUM else text


def candidate_parts(values: Mapping[str, Any]) -> tuple[CandidateProfile, AuditAttributes]:
    """The profile of a row, and apart from it what only the audit may read."""
    profile = {name: value for name, value in values.items() if name not in (*BESIDE, *_AUDIT)}
    audit = {name: values.get(name) for name in _AUDIT}
    return CandidateProfile(**profile), AuditAttributes(values["reference"], **audit)


def vacancy_of(values: Mapping[str, Any]) -> VacancyProfile:
    """The vacancy of a row."""
    return VacancyProfile(**values)


def programme_of(values: Mapping[str, Any]) -> Programme:
    """The programme of a row."""
    return Programme(**values)


def date_columns(kind: ImportKind, mapping: Iterable[str | None]) -> list[int]:
    """Positions of the columns that hold dates."""
    targets = targets_of(kind)
    found = []
    for index, name in enumerate(mapping):
        column = None if name is None else targets[name].column
        if column is not None and column.kind in (Kind.DATE, Kind.DATES):
            found.append(index)
    return found
