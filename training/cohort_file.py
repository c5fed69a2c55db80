"""A cohort file (YAML) read and checked before anything runs; all that is wrong is told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from matcher.domain.errors import InvalidInput, Problem
from matcher.domain.vocabulary import DIMENSIONS, EVIDENCE
from matcher.reference.paths import data_dir
from matcher.reference.yaml_files import parse_yaml
from matcher.scoring.manifest import NEVER_A_FEATURE, NEVER_IN_RANKING, RANKS
from training.cohort import (
    GROUPED,
    REPEATED,
    TEMPORAL,
    AuditGroup,
    Cohort,
    Feature,
    Outcome,
    Split,
    TableSource,
    Treatment,
)
from training.words import (
    IMPUTATION_WORDS,
    KIND_WORDS,
    MONOTONE_WORDS,
    SPLIT_WORDS,
    folded,
    read_span,
)

KEYS = (
    "name", "about", "table", "unit", "as_of", "outcome", "features", "audit_groups", "treatment",
    "treatment_model", "rule_score", "split", "seed", "purpose", "synthetic", "places_share",
    "flag_share", "lanes", "programmes", "config_version",
)  # fmt: skip


_BARE_MINUS = re.compile(r"(\bmonotone:[ \t]*)-(?=[ \t]*(?:[,}#\n\r]|$))")


def cohort_folder() -> Path:
    """Where the cohorts that ship stand."""
    return data_dir() / "cohorts"


def find_cohort(named: str) -> Path:
    """The file `named`, or the shipped cohort of that name."""
    path = Path(named)
    if path.is_file():
        return path
    shipped = cohort_folder() / f"{named}.yaml"
    if shipped.is_file():
        return shipped
    known = ", ".join(sorted(each.stem for each in cohort_folder().glob("*.yaml")))
    raise InvalidInput([Problem(named, f"is no cohort file; shipped are {known}")])


def read_cohort(path: Path, *, seed: int | None = None) -> Cohort:
    """The cohort in `path`; `InvalidInput` names every key that cannot be read."""
    try:
        # A bare "-" would begin a list in YAML; in a cohort file it is the direction down.
        document = parse_yaml(_BARE_MINUS.sub(r'\1"-"', path.read_text(encoding="utf-8-sig")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        why = f"is no YAML: {' '.join(str(error).split())}"
        raise InvalidInput([Problem(path.name, why)]) from None
    if not isinstance(document, Mapping):
        raise InvalidInput([Problem(path.name, "must hold keys such as table, outcome, features")])
    return _Reader(path, dict(document)).cohort(seed)


class _Reader:
    """Reads one document and gathers its problems."""

    def __init__(self, path: Path, document: dict[str, Any]) -> None:
        self.path = path
        self.document = document
        self.problems: list[Problem] = []

    def wrong(self, where: str, why: str) -> None:
        self.problems.append(Problem(f"{self.path.name}, {where}", why))

    def cohort(self, seed: int | None) -> Cohort:
        document = self.document
        warnings = self._unknown_keys()
        purpose = str(document.get("purpose", RANKS))
        if purpose not in (RANKS, "forecast"):
            self.wrong("purpose", "must be rank (it may order people) or forecast (it may not)")
        tables = self._tables()
        outcome = self._outcome()
        features = self._features(purpose)
        groups = self._groups()
        treatment = self._treatment(features)
        self._check_apart(outcome, features, groups, treatment)
        split = self._split()
        if seed is None:
            seed = self._whole("seed", 0)
        cohort = Cohort(
            name=str(document.get("name") or self.path.stem),
            tables=tables,
            outcome=outcome,
            features=features,
            split=split,
            seed=seed,
            text={**document, "seed": seed},
            unit=self._column("unit"),
            as_of=self._column("as_of"),
            audit_groups=groups,
            treatment=treatment,
            rule_score=self._column("rule_score"),
            places_share=self._share("places_share", 0.5),
            flag_share=self._share("flag_share", 0.25),
            lanes=self._column("lanes"),
            programmes=self._column("programmes"),
            programme_evidence=self._evidence(),
            purpose=purpose,
            is_synthetic=bool(document.get("synthetic", False)),
            about=_about(document.get("about")),
            warnings=warnings,
        )
        if self.problems:
            raise InvalidInput(self.problems)
        return cohort

    def _unknown_keys(self) -> tuple[str, ...]:
        """A slip of a known key is wrong; any other key is left out and told."""
        left_out = []
        for key in map(str, self.document):
            near = get_close_matches(key, KEYS, n=1)
            if key in KEYS:
                continue
            if near:
                self.wrong(key, f"is not a known key; nearest: {near[0]}")
            else:
                left_out.append(f"{self.path.name}, {key}: is not a known key and is left out")
        return tuple(left_out)

    def _column(self, key: str) -> str | None:
        value = self.document.get(key)
        if isinstance(value, Mapping):
            value = value.get("column", value.get("name"))
        if value is None or str(value).strip().casefold() in ("", "none", "null", "absent"):
            return None
        return column_name(value)

    def _whole(self, key: str, default: int) -> int:
        value = self.document.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**32:
            self.wrong(key, "must be a whole number from 0 to 4294967295")
            return default
        return value

    def _share(self, key: str, default: float) -> float:
        value = self.document.get(key, default)
        if not isinstance(value, int | float) or not 0 < value < 1:
            self.wrong(key, "must lie between 0 and 1")
            return default
        return float(value)

    def _evidence(self) -> tuple[tuple[str, str], ...]:
        """The grade of evidence of each programme, beside the column that names them."""
        found = self.document.get("programmes")
        grades = found.get("evidence") if isinstance(found, Mapping) else None
        if grades is None:
            return ()
        if not isinstance(grades, Mapping) or not set(map(str, grades.values())) <= set(EVIDENCE):
            self.wrong("programmes.evidence", f"must give each one of {', '.join(EVIDENCE)}")
            return ()
        return tuple((str(name), str(grade)) for name, grade in grades.items())

    def _tables(self) -> tuple[TableSource, ...]:
        found = self.document.get("table")
        if found is None:
            self.wrong("table", "is required: a file, or a package and its data")
            return ()
        parts = found if isinstance(found, list) else [found]
        return tuple(source for part in parts if (source := self._table(part)) is not None)

    def _table(self, part: Any) -> TableSource | None:
        if isinstance(part, str):
            return TableSource(path=self._path(part))
        if not isinstance(part, Mapping):
            self.wrong("table", "must be a file, or a mapping with path, or package and data")
            return None
        where = tuple((column_name(k), str(v)) for k, v in (part.get("where") or {}).items())
        rename = tuple(
            (column_name(k), column_name(v)) for k, v in (part.get("rename") or {}).items()
        )
        path = part.get("path") or part.get("file")
        if path is not None:
            return TableSource(path=self._path(str(path)), where=where, rename=rename)
        if "package" in part and "data" in part:
            package, data = str(part["package"]), str(part["data"])
            return TableSource(package=package, data=data, where=where, rename=rename)
        self.wrong("table", "needs path, or package and data")
        return None

    def _path(self, text: str) -> Path:
        path = Path(text)
        return path if path.is_absolute() else self.path.parent / path

    def _outcome(self) -> Outcome:
        found = self.document.get("outcome")
        if isinstance(found, str):
            return Outcome(column_name(found))
        name = found.get("name", found.get("column")) if isinstance(found, Mapping) else None
        if not isinstance(found, Mapping) or name is None:
            self.wrong("outcome", "is required: name, and the horizon after which it is known")
            return Outcome("")
        horizon = read_span(found["horizon"]) if found.get("horizon") is not None else 0
        if horizon is None and self._column("as_of") is None:
            horizon = 0  # without days of intake a horizon in words tells people only
        if horizon is None or horizon < 0:
            self.wrong("outcome.horizon", "must be days, or text such as 26 weeks or 12 months")
            horizon = 0
        positive = found.get("positive")
        return Outcome(
            column_name(name),
            horizon,
            above=self._bound(found, "above"),
            at_least=self._bound(found, "at_least", "threshold"),
            positive=None if positive is None else str(positive),
        )

    def _bound(self, found: Mapping[str, Any], *keys: str) -> float | None:
        for key in keys:
            value = found.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
            if value is not None:
                self.wrong(f"outcome.{key}", "must be a number")
        return None

    def _features(self, purpose: str) -> tuple[Feature, ...]:
        found = self.document.get("features")
        entries: list[tuple[str, Mapping[str, Any]]] = []
        if isinstance(found, Mapping):
            entries = [(str(name), entry or {}) for name, entry in found.items()]
        elif isinstance(found, list):
            for item in found:
                entry = {"name": item} if isinstance(item, str) else item
                name = entry.get("name") if isinstance(entry, Mapping) else None
                if name is None:
                    self.wrong("features", "each needs a name")
                else:
                    entries.append((str(name), entry))
        if not entries:
            self.wrong("features", "is required: at least one")
        features = [self._feature(name, entry) for name, entry in entries]
        for column in {f.column for f in features}:
            if sum(f.column == column for f in features) > 1:
                self.wrong(f"features.{column}", "stands twice; keep one")
        never = (*NEVER_A_FEATURE, *(NEVER_IN_RANKING if purpose == RANKS else ()))
        for feature in features:
            if {feature.name.casefold(), feature.column} & set(never):
                self.wrong(
                    f"features.{feature.name}",
                    "may never be a feature of an artefact that ranks; take it out",
                )
        return tuple(features)

    def _feature(self, name: str, entry: Any) -> Feature:
        where = f"features.{name}"
        if not isinstance(entry, Mapping):
            entry = {"kind": entry}
        column = column_name(entry.get("column", name))
        kind = KIND_WORDS.get(folded(entry["kind"])) if entry.get("kind") is not None else None
        if entry.get("kind") is not None and kind is None:
            self.wrong(where, f"kind {entry['kind']!r}: use number, boolean, category or date")
        sign = entry.get("monotone")
        monotone = 0 if sign is None else MONOTONE_WORDS.get(folded(sign))
        if monotone is None:
            self.wrong(where, f"monotone {sign!r}: use +, - or none")
            monotone = 0
        imputation, constant = self._imputation(where, entry)
        dimension = entry.get("dimension")
        if dimension is not None and dimension not in DIMENSIONS:
            self.wrong(where, f"dimension {dimension!r}: use one of {', '.join(DIMENSIONS)}")
        dated = entry.get("dated", entry.get("observed_on"))
        return Feature(
            name=name,
            column=column,
            kind=kind,
            monotone=monotone,
            imputation=imputation,
            constant=constant,
            levels=tuple(str(level) for level in entry.get("levels") or ()),
            dated=None if dated is None else column_name(dated),
            dimension=dimension,
            is_proxy=bool(entry.get("proxy", False)),
        )

    def _imputation(self, where: str, entry: Mapping[str, Any]) -> tuple[str, float | str | None]:
        found = entry.get("imputation", entry.get("impute"))
        constant = entry.get("constant", entry.get("value"))
        if isinstance(found, Mapping):
            constant = found.get("value", found.get("constant", found.get("fill")))
            found = found.get("kind", found.get("strategy", found.get("method", "constant")))
        if found is None:
            return "none", None
        if isinstance(found, int | float) and not isinstance(found, bool):
            return "constant", float(found)
        word = IMPUTATION_WORDS.get(re.sub(r"[^a-z0-9]+", "_", folded(found)))
        if word is None:
            near = ", ".join(sorted(set(IMPUTATION_WORDS.values())))
            self.wrong(where, f"imputation {found!r}: use a number or one of {near}")
            return "none", None
        if word == "constant" and constant is None:
            self.wrong(where, "imputation constant needs its value beside it")
        return word, constant

    def _groups(self) -> tuple[AuditGroup, ...]:
        found = self.document.get("audit_groups") or []
        if isinstance(found, Mapping):
            found = [{"name": name, **(entry or {})} for name, entry in found.items()]
        groups = []
        for item in found if isinstance(found, list) else [found]:
            entry = {"name": item} if isinstance(item, str) else item
            name = entry.get("name", entry.get("column")) if isinstance(entry, Mapping) else None
            if name is None:
                self.wrong("audit_groups", "each needs a name")
                continue
            bands = tuple(sorted(float(bound) for bound in entry.get("bands") or ()))
            groups.append(AuditGroup(str(name), column_name(entry.get("column", name)), bands))
        return tuple(groups)

    def _treatment(self, features: Sequence[Feature]) -> Treatment | None:
        found, model = self.document.get("treatment"), self.document.get("treatment_model")
        whom = None
        if isinstance(found, Mapping):
            whom = found.get("whom", found.get("estimand"))
            model = found.get("model", model)
            found = found.get("name", found.get("column"))
        if isinstance(model, Mapping):
            found = model.get("treatment", model.get("name", model.get("column", found)))
            whom = model.get("whom", model.get("estimand", whom))
            model = model.get("features", model.get("model"))
        if model is True or (isinstance(model, str) and folded(model) in ("all", "features")):
            model = [feature.name for feature in features]
        if isinstance(model, str):
            model = [model]
        if found is None or (isinstance(found, str) and folded(found) in ("none", "")):
            if model:
                self.wrong("treatment", "is required beside treatment_model: the treated column")
            return None
        # Not by lot, those who were treated are the ones that others can be found for.
        whom = folded(whom) if whom is not None else ("treated" if model else "all")
        whom = {"ate": "all", "att": "treated"}.get(whom, whom)
        if whom not in ("all", "treated"):
            self.wrong("treatment.whom", "must be all or treated")
        columns = {feature.name: feature.column for feature in features}
        names = tuple(columns.get(str(name), column_name(name)) for name in model or ())
        return Treatment(column_name(found), names, is_randomised=not names, whom=whom)

    def _check_apart(
        self,
        outcome: Outcome,
        features: Sequence[Feature],
        groups: Sequence[AuditGroup],
        treatment: Treatment | None,
    ) -> None:
        """Audit groups, outcome and identity are never learned from (contract.md 6)."""
        learned = {feature.column: feature.name for feature in features}
        apart = {group.column: "is an audit group, which is never a feature" for group in groups}
        apart[outcome.name] = "is the outcome itself"
        if (unit := self._column("unit")) is not None:
            apart[unit] = "is the unit: it tells people apart and says nothing about them"
        for column, why in apart.items():
            if column in learned:
                self.wrong(f"features.{learned[column]}", f"{why}; take it out of one of the two")
        if treatment is not None and treatment.column in treatment.model:
            self.wrong("treatment_model", "holds the treatment itself; take it out")

    def _split(self) -> Split | None:
        found = self.document.get("split")
        if isinstance(found, str):
            found = {"kind": found}
        if found is None or found == {"kind": "none"}:
            return None
        if not isinstance(found, Mapping):
            self.wrong("split", "must be temporal, repeated or grouped")
            return None
        word = found.get("kind", found.get("method", found.get("type", REPEATED)))
        kind = SPLIT_WORDS.get(folded(word))
        if kind is None:
            self.wrong("split", f"{word!r}: use {TEMPORAL}, {REPEATED} or {GROUPED}")
            kind = REPEATED
        numbers = {}
        for key, default, low in (("folds", 5, 2), ("repeats", 3, 1)):
            value = found.get(key, found.get("windows", default) if key == "folds" else default)
            if not isinstance(value, int) or not low <= value <= 50:
                self.wrong(f"split.{key}", f"must be a whole number from {low} to 50")
                value = default
            numbers[key] = value
        column = found.get("column", found.get("by", found.get("group")))
        if kind == GROUPED and column is None and self._column("unit") is None:
            self.wrong("split.column", "grouped needs the column of the groups, or a unit")
        return Split(kind, column=None if column is None else column_name(column), **numbers)


def column_name(value: object) -> str:
    """A column's name as tables are compared: without capitals and surrounding spaces."""
    return str(value).strip().casefold()


def _about(found: Any) -> dict[str, str]:
    if isinstance(found, Mapping):
        return {str(key): str(value) for key, value in found.items()}
    return {} if found is None else {"en": str(found)}
