"""The weekly report, on the page and on paper."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from matcher.domain.access import Viewer
from matcher.files.paper import Grid, Paper, Plot, Section, write_paper
from matcher.http.clock import today
from matcher.http.db import current_session
from matcher.http.identity import the_viewer
from matcher.http.language import current_language, day
from matcher.http.translate import gettext as _
from matcher.http.translate import ngettext
from matcher.reference.inflow import load_inflow_terms
from matcher.services.inflow import CENTRE
from matcher.services.inflow_report import Figures, Report, weekly_report
from matcher.web.codes import label_of
from matcher.web.inflow import words
from matcher.web.inflow.blueprint import blueprint
from matcher.web.inflow.monitors import (
    age_words,
    long_words,
    part_lines,
    part_words,
    reading,
    unknown_words,
)
from matcher.web.inflow.picture import picture_of


@blueprint.get("/instroom/weekbericht")
@reading
def report() -> ResponseReturnValue:
    """This week beside the one before; good on paper too."""
    viewer = the_viewer()
    found = weekly_report(current_session(), viewer, on=today())
    if found is None:
        return render_template("inflow/none_yet.html")
    sees, terms = viewer.has(*CENTRE), load_inflow_terms(found.board.on)
    return render_template(
        "inflow/report.html",
        paper=paper_of(found, viewer),
        forecast=found.board.total,
        picture=picture_of(found.board.total, terms.ahead, terms.told) if sees else None,
        terms=terms,
        centre_rights=CENTRE,
        pdf_url=url_for("inflow.report_on_paper"),
    )


@blueprint.get("/instroom/weekbericht.pdf")
@reading
def report_on_paper() -> ResponseReturnValue:
    """The same as a PDF."""
    viewer = the_viewer()
    found = weekly_report(current_session(), viewer, on=today())
    if found is None:
        return redirect(url_for("inflow.report"))
    name = f"weekbericht-{found.board.on.isoformat()}.pdf"
    return Response(
        write_paper(paper_of(found, viewer)),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def paper_of(found: Report, viewer: Viewer) -> Paper:
    """What the report says: one text for the page and for the PDF."""
    sees = viewer.has(*CENTRE)
    total = found.board.total
    lead = [words.first_words(total) if found.now.ready is not None else _places(total.open)]
    if sees:
        lead.append(words.then_words(total, found.told))
        lead.append(words.cause_sentence(found.board, viewer))
    week = found.board.on.isocalendar().week
    return Paper(
        title=_(
            "Weekbericht instroom, week %(week)s, %(region)s",
            week=week,
            region=label_of("regions", viewer.region),
        ),
        lead=tuple(line for line in lead if line),
        sections=tuple(
            section
            for section in (
                _compared(found),
                _ahead(found) if sees else None,
                _sectors(found, sees=sees),
                _causes(found, viewer),
                _targets(found),
                _watched(found, viewer),
                _not_known(found),
                _still_true(found),
                _departed(found),
            )
            if section is not None
        ),
        foot=_("Geteld op %(day)s. Matcher geeft advies. Mensen kiezen.", day=day(found.board.on)),
        language=current_language(),
    )


def _places(count: int) -> str:
    return ngettext("%(num)s plek open.", "%(num)s plekken open.", count)


def _shown(number: int | None) -> str:
    return _("klein") if number is None else str(number)


def _compared(found: Report) -> Section:
    head: tuple[str, ...] = ("", day(found.now.on))
    if found.before is not None:
        head = (*head, day(found.before.on))

    def row(label: str, name: str) -> tuple[str, ...]:
        weeks: list[Figures] = [each for each in (found.now, found.before) if each is not None]
        return (label, *(_shown(getattr(each, name)) for each in weeks))

    rows = [row(_("Plekken open"), "open"), row(_("Kunnen nu"), "ready")]
    if found.now.coming is not None:
        coming = _("Erbij in %(weeks)s weken", weeks=found.told)
        short = _("Tekort over %(weeks)s weken", weeks=found.told)
        rows += [row(coming, "coming"), row(short, "short")]
    rows.append(
        row(_("Wachten langer dan %(weeks)s weken", weeks=found.watch.long_wait.days // 7), "long")
    )
    text = () if found.before else (_("Van een week eerder is nog geen telling."),)
    return Section(_("Deze week"), text, Grid(head, tuple(rows)))


def _ahead(found: Report) -> Section:
    total = found.board.total
    sure = tuple(total.ready + come for come in total.coming)
    maybe = tuple(both + more for both, more in zip(sure, total.likely, strict=True))
    last = len(sure) - 1
    said = _(
        "Vlak: mensen die kunnen starten, van %(first)s nu tot %(last)s over %(weeks)s weken. "
        "Lijn: %(open)s plekken open.",
        first=sure[0],
        last=sure[last],
        weeks=last,
        open=total.open,
    )
    title = _("Komende %(weeks)s weken", weeks=last)
    return Section(title, plot=Plot(sure, maybe, total.open, said))


def _sectors(found: Report, *, sees: bool) -> Section:
    head: tuple[str, ...] = (_("Sector"), _("Plekken open"), _("Kunnen nu"))
    if sees:
        head = (
            *head,
            _("Erbij in %(weeks)s weken", weeks=found.told),
            _("Tekort over %(weeks)s weken", weeks=found.told),
        )
    rows = []
    for each in found.sectors:
        numbers = (each.open, each.ready, each.coming, each.short)[: len(head) - 1]
        rows.append((label_of("sectors", each.name), *map(_shown, numbers)))
    return Section(_("Per sector"), grid=Grid(head, tuple(rows)))


def _causes(found: Report, viewer: Viewer) -> Section | None:
    if not found.causes:
        return None
    rows = tuple(
        (words.as_title(words.cause_words(cause, viewer)), _shown(people))
        for cause, people in found.causes
    )
    return Section(_("Eén stap van een plek"), grid=Grid((_("Wat ontbreekt"), _("Mensen")), rows))


def _targets(found: Report) -> Section | None:
    if not found.targets:
        return None
    text = tuple(
        _(
            "%(name)s: %(still)s nog aan het werk, doel %(target)s. %(pace)s",
            name=each.name,
            still=each.progress.still_working,
            target=each.progress.target,
            pace=words.pace_words(each),
        )
        for each in found.targets
    )
    return Section(_("Samenwerkingen met een doel"), text)


def _watched(found: Report, viewer: Viewer) -> Section:
    watch = found.watch
    rows = [
        (
            words.as_title(part_words(at, len(watch.parts))),
            _shown(line.people.number),
            _shown(line.placed.number),
            "–" if line.percent is None else f"{line.percent} %",
        )
        for at, line in enumerate(part_lines(viewer, watch))
    ]
    head = (_("Naar startniveau"), _("Mensen"), _("Aan het werk"), _("Aandeel"))
    return Section(_("Bewaken"), (long_words(watch),), Grid(head, tuple(rows)))


def _not_known(found: Report) -> Section:
    rows = tuple(
        (words.as_title(unknown_words(name)), _shown(people))
        for name, people in found.watch.unknown.items()
    )
    title = _("Wat weten we nog niet?")
    return Section(title, grid=Grid((_("Nu niet bekend"), _("Mensen")), rows))


def _still_true(found: Report) -> Section:
    rows = tuple(
        (words.as_title(age_words(age)), _shown(people), _shown(found.watch.levels[age]))
        for age, people in found.watch.rhythm.items()
    )
    head = (_("Hoe actueel"), _("Komen zoals afgesproken"), _("Andere antwoorden"))
    return Section(_("Is het nog waar?"), grid=Grid(head, rows))


def _departed(found: Report) -> Section | None:
    rows = tuple(
        (
            label_of("lanes", each.lane),
            str(each.count),
            str(each.departed),
            f"{each.percent} %",
        )
        for each in found.departures
        if each.count is not None
    )
    if not rows:
        return None
    head = (_("Advies"), _("Besluiten"), _("Anders besloten"), _("Aandeel"))
    return Section(_("Anders besloten dan het advies"), grid=Grid(head, rows))
