"""Files of senders, from the bytes to the rows: columns, proposals, the job, and once more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.access import Right, Viewer, operator
from matcher.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from matcher.files.import_mapping import Why
from matcher.files.source import source_of
from matcher.models import Candidate, CandidateNote, Job
from matcher.models.states import ImportKind, JobState, UploadState
from matcher.repositories.acting import Actor, act_as
from matcher.repositories.scope import scoped, unscoped
from matcher.services import job_runs, uploads
from matcher.services.candidates import find_candidate
from matcher.services.erasure import erase_by_reference
from matcher.services.job_kinds import KINDS
from matcher.services.upload_results import result_csv
from tests.files.messy import VALID_BSN, VALID_IBAN, messy_people

DEMO = operator("demo")

Send = Callable[..., uploads.Received]


class OneSession:
    """Gives a worker the session of the test, so that its work is rolled back too."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __call__(self) -> OneSession:
        return self

    def __enter__(self) -> Session:
        return self.session

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def work(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Does the jobs that wait, as a worker would."""
    monkeypatch.setattr(job_runs, "HEARTBEAT", job_runs.LEASE * 100)

    def do() -> None:
        state: JobState | None = JobState.DONE
        while state is not None:
            state = job_runs.run_one(OneSession(session), "w", lambda: now, KINDS)
            assert state in (JobState.DONE, None)

    return do


@pytest.fixture
def send(session: Session, triager: Viewer, now: datetime) -> Send:
    """Sends a text as a file."""

    def to(
        text: str | bytes, name: str = "mensen.csv", kind: ImportKind = ImportKind.CANDIDATES
    ) -> uploads.Received:
        data = text.encode() if isinstance(text, str) else text
        act_as(session, Actor(triager, now))
        source = source_of(name, data, name.rpartition(".")[2], detect_vum=True)
        return uploads.receive(session, triager, kind, source, now=now)

    return to


def chosen(upload: Any) -> dict[str, str | None]:
    return {column["header"]: column["target"] for column in upload.columns}


def whys(upload: Any) -> dict[str, str]:
    return {column["header"]: column["why"] for column in upload.columns}


def import_it(
    session: Session, viewer: Viewer, upload: Any, work: Callable[[], Any], now: datetime
) -> Any:
    if upload.state is UploadState.COLUMNS:
        act_as(session, Actor(viewer, now))
        upload = uploads.choose_columns(session, viewer, upload.id, chosen(upload), now=now)
        if upload.state is UploadState.CHECKING:
            work()
    act_as(session, Actor(viewer, now))
    uploads.confirm(session, viewer, upload.id, now=now)
    work()
    act_as(session, Actor(viewer, now))
    return uploads.get_upload(session, viewer, upload.id)


def test_a_messy_file_of_two_thousand_rows_is_in_with_four_decisions(
    session: Session, triager: Viewer, now: datetime, send: Send, work: Callable[[], Any]
) -> None:
    messy = messy_people(2000)

    upload = send(messy.data).upload
    assert upload.state is UploadState.COLUMNS
    assert (chosen(upload)["postcode"], chosen(upload)["uren per week"]) == ("hours_max", "pc4")
    assert whys(upload)["geslacht"] == Why.NEVER
    assert whys(upload)["interne code"] == Why.UNKNOWN
    upload = uploads.choose_columns(session, triager, upload.id, chosen(upload), now=now)

    assert upload.state is UploadState.CHECKED
    report = upload.report
    assert report is not None
    counts = report["counts"]
    assert sum(counts[state] for state in ("fine", "fixable", "refused")) == 2000
    assert counts["refused"] == len(messy.repeated)
    groups = Counter({(g["target"], g["code"]): g["count"] for g in report["groups"]})
    repeated_lost = 0
    assert groups["phone", "phone_lost"] + repeated_lost <= messy.lost_phones
    assert groups["phone", "phone_lost"] > 200
    assert VALID_BSN not in str(report)
    assert VALID_IBAN not in str(report)

    done = import_it(session, triager, upload, work, now)

    assert done.state is UploadState.DONE
    outcome = done.outcome
    assert outcome["created"] == 2000 - len(messy.repeated)
    assert outcome["refused"] == len(messy.repeated)
    assert sum(outcome[s] for s in ("created", "changed", "unchanged", "left_out", "refused")) == (
        2000
    )
    stored = session.scalars(scoped(select(Candidate), triager, Candidate)).all()
    assert len(stored) == outcome["created"]
    assert {len(str(row.pc4)) for row in stored} == {4}
    assert {row.first_name for row in stored} >= {"Zoë", "René", "Björin", "Loïe"}
    assert sum(row.reference.startswith("B-") for row in stored) == messy.without_reference
    notes = session.scalars(scoped(select(CandidateNote.text), triager, CandidateNote)).all()
    assert notes
    assert not any(VALID_BSN in text or VALID_IBAN in text for text in notes)


def test_the_same_file_twice_changes_nothing(
    session: Session, triager: Viewer, now: datetime, send: Send, work: Callable[[], Any]
) -> None:
    text = "referentie;voornaam;postcode\nK-1;Jan;3311\nK-2;Noor;3312\n"
    first = import_it(session, triager, send(text).upload, work, now)
    jobs = session.scalar(unscoped(select(func.count(Job.id)), Job))

    again = send(text)

    assert again.is_known
    assert again.upload.id == first.id
    assert uploads.confirm(session, triager, first.id, now=now) == again.upload
    assert session.scalar(unscoped(select(func.count(Job.id)), Job)) == jobs


def test_the_same_people_in_another_file_are_changed_and_not_doubled(
    session: Session, triager: Viewer, now: datetime, send: Send, work: Callable[[], Any]
) -> None:
    head = "voornaam;telefoon;postcode;uren\n"
    rows = "Jan;0612345678;3311;24\nNoor;0687654321;3312;32\n"
    import_it(session, triager, send(head + rows).upload, work, now)

    more = send(head + rows.replace("24", "28") + "Kees;0611111111;3313;20\n").upload
    done = import_it(session, triager, more, work, now)

    assert more.state is UploadState.CHECKED, "headers that were seen before need no choice"
    assert (done.outcome["created"], done.outcome["changed"], done.outcome["unchanged"]) == (
        1,
        1,
        1,
    )


def test_headers_are_remembered_for_the_region_and_for_no_other(
    session: Session, triager: Viewer, now: datetime, send: Send
) -> None:
    text = "kolom a;kolom b\nK-1;3311\n"
    upload = send(text).upload
    mapping = {"kolom a": "reference", "kolom b": "pc4"}
    uploads.choose_columns(session, triager, upload.id, mapping, now=now)

    again = send("kolom b;kolom a\n3312;K-2\n").upload
    elsewhere = Viewer(None, frozenset({Right.LEAD}), region="haaglanden")
    act_as(session, Actor(elsewhere, now))
    other = uploads.receive(
        session,
        elsewhere,
        ImportKind.CANDIDATES,
        source_of("a.csv", text.encode(), "csv"),
        now=now,
    ).upload

    assert again.state is UploadState.CHECKED
    assert chosen(again) == {"kolom b": "pc4", "kolom a": "reference"}
    assert other.state is UploadState.COLUMNS


def test_a_remembered_column_whose_cells_do_not_fit_any_more_is_shown_again(
    session: Session, triager: Viewer, now: datetime, send: Send
) -> None:
    head = "referentie;postcode;uren\n"
    upload = send(head + "K-1;3311;24\nK-2;3312;32\n").upload
    uploads.choose_columns(session, triager, upload.id, chosen(upload), now=now)

    swapped = send(head + "K-3;24;3311\nK-4;32;3312\n").upload

    assert swapped.state is UploadState.COLUMNS
    assert whys(swapped)["postcode"] == Why.SWAPPED


def test_a_proposal_that_is_not_taken_over_keeps_its_row_out(
    session: Session, triager: Viewer, now: datetime, send: Send, work: Callable[[], Any]
) -> None:
    text = (
        "referentie;telefoon;aangemeld op\nK-1;6,12E+08;2026-01-02\nK-2;0612345678;3-4-2026\n"
        "K-3;;4-5-2026\n"
    )
    upload = send(text).upload
    upload = uploads.choose_columns(session, triager, upload.id, chosen(upload), now=now)
    assert upload.report is not None
    groups = {group["target"]: group["group"] for group in upload.report["groups"]}

    uploads.decide(
        session,
        triager,
        upload.id,
        lambda _old: {"off": [groups["phone"]], "rows_off": {groups["waiting_since"]: [3]}},
        now=now,
    )
    done = import_it(session, triager, uploads.get_upload(session, triager, upload.id), work, now)

    assert (done.outcome["created"], done.outcome["left_out"]) == (1, 2)
    found = find_candidate(session, triager, "K-3")
    assert found is not None
    assert str(found.profile.waiting_since) == "2026-05-04"
    assert find_candidate(session, triager, "K-1") is None


def test_the_result_file_has_the_same_rows_in_the_same_order_and_no_formula(
    session: Session, triager: Viewer, now: datetime, send: Send, work: Callable[[], Any]
) -> None:
    text = (
        "referentie;voornaam;postcode\nK-1;=1+1;3311\nK-1;Jan;3312\nK-2;'=1+1;99\n;;\n"
        "K-3;@cmd;3313\n"
    )
    done = import_it(session, triager, send(text).upload, work, now)

    lines = b"".join(result_csv(session, triager, done.id, "nl")).decode("utf-8-sig").splitlines()

    assert [line.split(";")[0] for line in lines] == ["referentie", "K-1", "K-1", "K-2", "K-3"]
    assert lines[0].endswith("uitkomst;toelichting")
    assert [line.split(";")[3] for line in lines[1:]] == [
        "nieuw",
        "niet ingelezen",
        "nieuw",
        "nieuw",
    ]
    assert "rij 2" in lines[2]
    assert lines[1].split(";")[1] == "'=1+1"
    assert lines[4].split(";")[1] == "'@cmd"


def test_a_vum_file_needs_no_columns(session: Session, triager: Viewer, send: Send) -> None:
    text = '[{"idWerkzoekende": "W-1", "contactpersoon": []}]'
    upload = send(text, "mensen.json").upload

    assert upload.state is UploadState.CHECKED
    assert upload.report is not None
    assert upload.report["counts"]["fine"] == 1


def test_vacancies_and_programmes_come_in_the_same_way(
    session: Session, triager: Viewer, now: datetime, send: Send, work: Callable[[], Any]
) -> None:
    work_text = "Bedrijf;Functie;Sector;Aantal plekken;Uurloon\nFirma A;Opperman;infra;2;€ 15,25\n"
    courses = "kenmerk;soort;weken;uren per week;verhoogt\nP-1;werkfit;12;20;rhythm:+1\n"

    places = import_it(
        session, triager, send(work_text, kind=ImportKind.VACANCIES).upload, work, now
    )
    programmes = import_it(
        session, triager, send(courses, kind=ImportKind.PROGRAMMES).upload, work, now
    )

    assert places.outcome["created"] == 1
    assert programmes.outcome["created"] == 1


def test_a_vacancies_file_with_a_column_nobody_may_ask_is_refused_by_name(send: Send) -> None:
    with pytest.raises(InvalidInput, match="leeftijd"):
        send("bedrijf;sector;leeftijd\nA;F42;30\n", kind=ImportKind.VACANCIES)


@pytest.mark.parametrize("text", ["", "referentie;postcode\n", "\n\n"])
def test_a_file_with_nothing_in_it_is_refused(send: Send, text: str) -> None:
    with pytest.raises(InvalidInput):
        send(text)


def test_only_who_sent_a_file_and_the_lead_reach_it(
    session: Session, triager: Viewer, coach: Viewer, now: datetime, send: Send
) -> None:
    upload = send("referentie\nK-1\n").upload
    other = Viewer(None, frozenset({Right.TRIAGER}), region="demo")
    lead = Viewer(None, frozenset({Right.LEAD}), region="demo")

    assert uploads.get_upload(session, lead, upload.id).id == upload.id
    with pytest.raises(NotFound):
        uploads.get_upload(session, other, upload.id)
    with pytest.raises(Forbidden):
        uploads.list_uploads(session, coach)


def test_a_stale_choice_and_a_choice_out_of_turn_are_refused(
    session: Session, triager: Viewer, now: datetime, send: Send
) -> None:
    upload = send("referentie;voornaam\nK-1;Jan\n").upload

    with pytest.raises(Stale):
        uploads.choose_columns(
            session, triager, upload.id, {}, expected_version=upload.version + 1, now=now
        )
    with pytest.raises(Conflict):
        uploads.confirm(session, triager, upload.id, now=now)
    with pytest.raises(InvalidInput, match="fills the same"):
        uploads.choose_columns(session, triager, upload.id, {"voornaam": "reference"}, now=now)


def test_a_file_that_is_checked_as_a_job_gives_the_same_report(
    session: Session,
    triager: Viewer,
    now: datetime,
    send: Send,
    work: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = messy_people(1200, seed=3).data
    upload = send(data).upload
    at_once = uploads.choose_columns(session, triager, upload.id, chosen(upload), now=now)
    monkeypatch.setattr(uploads, "CHECKED_AT_ONCE", 100)

    waiting = uploads.choose_columns(session, triager, upload.id, {}, now=now)
    work()
    act_as(session, Actor(triager, now))

    assert waiting.state is UploadState.CHECKING
    later = uploads.get_upload(session, triager, upload.id)
    assert later.state is UploadState.CHECKED
    assert later.report == at_once.report


def test_who_is_erased_is_emptied_from_every_file_that_is_kept(
    session: Session, triager: Viewer, now: datetime, send: Send, work: Callable[[], Any]
) -> None:
    head = "referentie;voornaam;aangemeld op\n"
    first = send(head + "K-1;Zoëtje;3-4-2026\nK-2;Noor;4-5-2026\n").upload
    done = import_it(session, triager, first, work, now)
    waiting = send("iets;voornaam\nK-1;Zoëtje\n").upload

    act_as(session, Actor(DEMO, now))
    erase_by_reference(session, DEMO, "K-1", now=now)

    lines = b"".join(result_csv(session, DEMO, done.id, "nl")).decode().splitlines()
    kept = uploads.get_upload(session, DEMO, done.id)
    assert "Zoëtje" not in "".join(lines)
    assert lines[1].startswith(";;;nieuw")
    assert lines[2].startswith("K-2;Noor;")
    assert "3-4-2026" not in str(kept.report)
    assert uploads.samples(session, waiting, 2) == [[], []]
