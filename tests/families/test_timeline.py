"""One timeline of everything: in order, page by page, narrowed, and as quick with two hundred entries as with two."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from clips import evidence
from families import actions, registry, timeline
from families.models import BreakGlass, Consent, Membership, Person, RiskConcern, StageChange
from outcomes import actions as questions
from outcomes.models import Goal
from sessions.models import Attendance, VigSession
from tests.cast import Cast, FamilyInTests, give_consent
from tests.world import World, make_world

SignedIn = Callable[[User], Client]
MOST_QUERIES = 12


def titles(family: FamilyInTests, user: User, asked: timeline.Asked | None = None) -> list[str]:
    return [entry.title for entry in timeline.read(family.case, user, asked).entries]


def some_sessions(family: FamilyInTests, lead: User, number: int) -> None:
    """One a day, the latest yesterday; Sam and Rowan came."""
    now = timezone.now().replace(microsecond=0)
    for day in range(1, number + 1):
        session = VigSession.objects.create(
            case=family.case,
            kind="engagement",
            place="home",
            starts_at=now - timedelta(days=day),
            practitioner=lead,
            status="held",
        )
        for person in (family.sam, family.rowan):
            Attendance.objects.create(session=session, person=person, code="5")


def lived_in_world() -> World:
    """The access test's world, with the few things that have not happened in it yet."""
    world = make_world()
    family, asha = world.family, world.cast.asha
    now = timezone.now()
    StageChange.objects.create(case=family.case, stage="vig", by=asha)
    Consent.objects.filter(person=family.nan).update(withdrawn_at=now, withdrawn_by="Nan")
    risk, today = family.case, timezone.localdate()
    actions.review_risk(by=asha, case=risk, level="low", grounds="Seen.", reviewed_on=today, due_on=today)
    actions.resolve_flag(by=asha, flag=world.flag, resolution="It no longer holds.")
    actions.share_information(
        by=asha,
        case=risk,
        what="That they are seen here.",
        with_whom="Health visitor",
        why="To plan together.",
        basis="care",
        shared_on=today,
        family_told=True,
    )
    actions.finish_task(by=asha, task=world.task)
    RiskConcern.objects.update(settled_at=now, settled_by=asha, outcome="Spoken about.")
    BreakGlass.objects.create(user=world.cast.ben, case=family.case, reason="Covering.", until=now)
    family.nan.created_at = family.case.created_at + timedelta(days=3)
    family.nan.save()
    Person.objects.filter(pk=family.rowan.pk).update(date_of_birth=family.case.opened_on)
    questions.rate_question(by=None, wording=world.wording, rated_by=family.sam, value=4)
    world.cycle.closed_at, world.cycle.closed_by, world.cycle.summary = now, asha, "They found each other."
    world.cycle.save()
    ended = Goal.objects.create(case=family.case, ended="reached", ended_at=now, ended_by=asha, ended_why="We sleep.")
    ended.wordings.create(version=1, text="Sleep till five", recorded_by=asha)
    evidence.release(by=world.cast.carol, held=world.hold, why="It is not needed any more.")
    return world


def test_every_source_tells_its_rows_in_words(db: None) -> None:
    """In one family in which everything has happened: no source is silent, none leaves a gap in its words."""
    world = lived_in_world()
    case, user = world.family.case, world.cast.asha
    for kind, _ in timeline.kinds():
        sources = [source for source in registry.timeline_sources() if source.kind == kind]
        rows = {source.key: source.rows(case, user).count() for source in sources}
        assert all(rows.values()), f"Let it happen in lived_in_world: {rows}"
        told = timeline.read(case, user, timeline.Asked(kinds=frozenset({kind}))).entries
        assert len(told) == sum(rows.values()), rows
        assert all(entry.title and "None" not in entry.title + entry.detail + entry.by for entry in told)


def test_the_newest_stands_first_whichever_app_it_comes_from(db: None) -> None:
    world = lived_in_world()
    entries = timeline.read(world.family.case, world.cast.asha).entries
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)


def test_a_session_says_who_came(cast: Cast, family: FamilyInTests) -> None:
    some_sessions(family, cast.asha, 1)
    (entry,) = timeline.read(family.case, cast.asha, timeline.Asked(kinds=frozenset({"session"}))).entries
    assert entry.detail.startswith("At home, with ")
    assert {"Sam", "Rowan"} <= set(re.findall(r"\w+", entry.detail))


def test_what_was_decided_in_one_conversation_is_one_entry(cast: Cast, family: FamilyInTests) -> None:
    at = timezone.now().replace(second=0, microsecond=0) - timedelta(days=2)
    for purpose in ("shared_review", "film"):
        consent = give_consent(family.sam, purpose, by=cast.asha)
        Consent.objects.filter(pk=consent.pk).update(decided_at=at + timedelta(seconds=len(purpose)))
    give_consent(family.rowan, "film", by=cast.asha, decided_by=family.sam)
    told = timeline.read(family.case, cast.asha, timeline.Asked(kinds=frozenset({"consent"}))).entries
    assert [(entry.title, entry.detail) for entry in told] == [
        ("Sam agrees for Rowan", "To be filmed"),
        ("Sam agrees", "To be filmed, To be seen in the shared review"),
    ]


def test_a_birth_stands_on_its_day_and_one_from_before_the_case_does_not(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    today = timezone.localdate()
    wren = Person.objects.create(kind="infant", first_name="Wren", date_of_birth=today)
    Membership.objects.create(person=wren, family=family.family)
    family.case.people.add(wren)
    born = [entry for entry in timeline.read(family.case, cast.asha).entries if entry.title.endswith("was born")]
    assert [(entry.title, timezone.localdate(entry.at)) for entry in born] == [("Wren was born", today)]
    page = signed_in(cast.asha).get(reverse("families:case", args=[family.case.pk])).content.decode()
    assert f">{date_format(today, 'D j M Y')}<" in page


def test_stages_say_how_they_were_entered(cast: Cast, family: FamilyInTests) -> None:
    actions.change_stage(by=cast.asha, case=family.case, stage="ending")
    actions.close_case(by=cast.asha, case=family.case, closed_on=timezone.localdate(), reason="All is well.")
    actions.reopen_case(by=cast.asha, case=family.case, reason="They came back.")
    assert titles(family, cast.asha) == ["Case opened again: Engaging", "Case closed", "Case opened: Ending"]


def test_only_what_concerns_one_person(cast: Cast, family: FamilyInTests) -> None:
    some_sessions(family, cast.asha, 1)
    give_consent(family.nan, "film", by=cast.asha)
    actions.add_concern(by=cast.asha, case=family.case, text="Something seen")
    assert titles(family, cast.asha, timeline.Asked(person=family.nan.pk)) == ["Nan agrees"]
    assert titles(family, cast.asha, timeline.Asked(person=family.sam.pk)) == ["Getting to know each other"]


def test_only_what_happened_in_a_period(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    some_sessions(family, cast.asha, 5)
    day = timezone.localdate() - timedelta(days=3)
    asked = timeline.Asked(since=day, until=day)
    assert [timezone.localdate(e.at) for e in timeline.read(family.case, cast.asha, asked).entries] == [day]


def test_older_entries_are_reached_page_by_page_and_none_twice(cast: Cast, family: FamilyInTests) -> None:
    some_sessions(family, cast.asha, 7)
    now = timezone.now()
    for _ in range(4):  # at the very same moment as one another, and of two kinds
        RiskConcern.objects.create(case=family.case, text="Seen", recorded_by=cast.asha, recorded_at=now)
        StageChange.objects.create(case=family.case, stage="vig", by=cast.asha, at=now)
    whole = timeline.read(family.case, cast.asha).entries
    assert len(whole) == 15
    seen: list[registry.TimelineEntry] = []
    after = None
    for _ in range(8):
        page = timeline.read(family.case, cast.asha, after=after, most=2)
        seen += page.entries
        after = timeline.Cursor.parse(str(page.older)) if page.older else None
    assert after is None
    assert seen == list(whole)


def test_a_page_of_older_entries_is_an_address(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    some_sessions(family, cast.asha, 60)
    client, url = signed_in(cast.asha), reverse("families:case", kwargs={"case": family.case.pk})
    first = client.get(url, {"kind": "session"})
    assert len(first.context["page"].entries) == 50
    second = client.get(url, {"kind": "session", "older": str(first.context["page"].older)})
    assert len(second.context["page"].entries) == 10
    assert "kind=session" in re.findall(r'href="([^"]+)"[^>]*rel="next"', first.content.decode())[0]


@pytest.mark.parametrize(
    "query",
    [
        {"older": "x"},
        {"older": "2026-11-25T10:00:00+00:00~session~'"},
        {"older": "2026-11-25T10:00:00~session~1"},
        {"older": "9999-99-99T10:00:00+00:00~session~1"},
        {"older": "0001-01-01T00:00:00+14:00~stage~1"},
        {"older": "2026-11-25T10:00:00+00:00~stage~\x00"},
        {"kind": "nonsense'\""},
        {"person": "nobody"},
        {"since_day": "1", "since_month": "1", "since_year": "0001"},
        {"until_day": "31", "until_month": "12", "until_year": "9999"},
        {"until_day": "31", "until_month": "2", "until_year": "2026"},
    ],
)
def test_no_address_breaks_the_page(
    query: dict[str, str], cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    assert signed_in(cast.asha).get(reverse("families:case", kwargs={"case": family.case.pk}), query).status_code == 200


@pytest.mark.parametrize("days", [2, 200])
def test_case_page_and_timeline_cost_the_same_for_two_entries_and_for_two_hundred(
    days: int, cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    """Session, person and sign-in included, the look written down, and a page further back too."""
    some_sessions(family, cast.asha, days)
    for _ in range(days):
        RiskConcern.objects.create(case=family.case, text="Seen", recorded_by=cast.asha)
        StageChange.objects.create(case=family.case, stage="vig", by=cast.asha)
    client, url = signed_in(cast.asha), reverse("families:case", kwargs={"case": family.case.pk})
    cache.clear()
    with CaptureQueriesContext(connection) as first_look:
        page = client.get(url).context["page"]
    assert len(first_look) <= MOST_QUERIES, [query["sql"][:150] for query in first_look]
    with CaptureQueriesContext(connection) as again:
        client.get(url, {"kind": ["session", "risk"], "older": str(page.older or "")})
    assert len(again) <= MOST_QUERIES
