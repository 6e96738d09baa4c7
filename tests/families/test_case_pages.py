"""The pages of a case: who reaches them, what they say, what they cost."""

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

from accounts.models import User
from audit.models import AuditEvent
from families import actions
from families.actions import CaregiverFacts
from families.models import Case, ClosureReason, Membership, Person, RiskConcern
from tests.cast import Cast, FamilyInTests, give_consent, make_family

SignedIn = Callable[[User], Client]
PAGES = [
    "families:case",
    "families:people",
    "families:consent",
    "families:consent-withdraw",
    "families:risk",
    "families:stage",
    "families:close",
    "outcomes:questions",
    "outcomes:question-add",
    "vig_sessions:log",
    "vig_sessions:cycle-open",
]


@pytest.fixture(autouse=True)
def _looks_are_fresh() -> None:
    cache.clear()


def text_of(response: object) -> str:
    html = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&#x27;", "'").split())


@pytest.mark.parametrize("name", PAGES)
def test_a_colleague_of_another_team_finds_nothing(
    name: str, cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    assert signed_in(cast.ben).get(reverse(name, kwargs={"case": family.case.pk})).status_code == 404
    assert signed_in(cast.asha).get(reverse(name, kwargs={"case": family.case.pk})).status_code == 200


def test_the_header_says_who_and_what_is_missing(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    give_consent(family.sam, "film", by=cast.asha)
    give_consent(family.sam, "shared_review", by=cast.asha)
    Membership.objects.filter(person=family.sam).get().save()
    said = text_of(signed_in(cast.asha).get(reverse("families:case", kwargs={"case": family.case.pk})))
    assert "Rowan (11 weeks)" in said
    assert "Sam (Birth parent)" in said
    assert "Nan (Grandparent)" in said
    assert family.family.reference in said
    assert "Consent to ask: Rowan, Nan" in said
    assert "Risk: not assessed" in said
    assert "no session planned" in said


def test_the_header_tells_a_refusal_from_a_question_not_asked(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    actions.record_consent(
        by=cast.asha, person=family.nan, purpose="film", decision="refused", capacity="own", decided_by=family.nan
    )
    said = text_of(signed_in(cast.asha).get(reverse("families:people", kwargs={"case": family.case.pk})))
    assert "Consent to ask: Rowan, Sam" in said
    assert "Does not agree: Nan" in said


def test_an_unborn_baby_is_due_and_not_asked(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    family.rowan.date_of_birth, family.rowan.first_name = None, ""
    family.rowan.expected_on = timezone.localdate() + timedelta(weeks=5)
    family.rowan.save()
    client = signed_in(cast.asha)
    said = text_of(client.get(reverse("families:case", kwargs={"case": family.case.pk})))
    assert "Baby (unborn, due in 5 weeks)" in said
    assert "Consent to ask: Sam, Nan" in said
    url = reverse("families:consent-record", kwargs={"case": family.case.pk, "person": family.rowan.pk})
    assert "asked again after the birth" in text_of(client.get(url))


def test_a_page_of_a_case_costs_the_same_whatever_its_size(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    urls = [reverse(name, kwargs={"case": family.case.pk}) for name in PAGES] + [reverse("families:list")]

    def cost() -> list[int]:
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    cost()  # the first look at a case is written down
    before = cost()
    for number in range(6):
        someone = actions.add_person(
            by=cast.asha,
            case=family.case,
            kind=Person.Kind.CAREGIVER,
            facts=CaregiverFacts(first_name=f"Aunt {number}", relationship="other", parental_responsibility="no"),
        )
        give_consent(someone, "film", by=cast.asha)
        actions.add_concern(by=cast.asha, case=family.case, text=f"Worry {number}")
        make_family(cast.asha)
    after = cost()
    assert dict(zip(urls, after, strict=True)) == dict(zip(urls, before, strict=True))


def test_opening_a_case_is_written_down_once_an_hour(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    for name in ("families:case", "families:people", "families:case"):
        client.get(reverse(name, kwargs={"case": family.case.pk}))
    signed_in(cast.carol).get(reverse("families:risk", kwargs={"case": family.case.pk}))
    looks = AuditEvent.objects.filter(verb="case.opened", case_id=str(family.case.pk))
    assert sorted(looks.values_list("actor_id", flat=True)) == sorted([str(cast.asha.pk), str(cast.carol.pk)])


def test_a_stranger_who_tries_leaves_no_look(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    signed_in(cast.ben).get(reverse("families:case", kwargs={"case": family.case.pk}))
    assert not AuditEvent.objects.filter(verb="case.opened").exists()


def test_the_tabs_mark_the_page_one_is_on(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    html = signed_in(cast.asha).get(reverse("families:consent", kwargs={"case": family.case.pk})).content.decode()
    current = re.findall(r'<a class="app-tabs__link"[^>]*aria-current="page"[^>]*>([^<]+)', html)
    assert current == ["Consent"]


def test_the_timeline_can_be_narrowed(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    actions.change_stage(by=cast.asha, case=family.case, stage=Case.Stage.ENDING)
    actions.add_concern(by=cast.asha, case=family.case, text="Something seen")
    client, url = signed_in(cast.asha), reverse("families:case", kwargs={"case": family.case.pk})
    everything, risk = text_of(client.get(url)), text_of(client.get(url, {"kind": "risk"}))
    assert "Case opened: Ending" in everything
    assert "A concern was written down" in everything
    assert "Something seen" not in everything, "its words stay on their own page"
    assert "Case opened: Ending" not in risk
    assert "A concern was written down" in risk
    assert client.get(url, {"kind": "nonsense'\""}).status_code == 200


def test_a_concern_is_open_until_somebody_says_what_came_of_it(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    add = reverse("families:risk-add", kwargs={"case": family.case.pk})
    assert client.post(add, {"text": ""}).status_code == 200
    client.post(add, {"text": "Very still for a long time", "discussed_with": "Sue"})
    concern = RiskConcern.objects.get()
    page = reverse("families:risk", kwargs={"case": family.case.pk})
    assert "Risk: not assessed; 1 open concern" in text_of(client.get(page))
    client.post(
        reverse("families:risk-settle", kwargs={"case": family.case.pk, "concern": concern.pk}), {"outcome": "ok"}
    )
    assert "open concern" not in text_of(client.get(page))


def test_a_concern_seen_on_film_keeps_its_place(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    film = "0b8f0f6e-5a0c-4d6e-9a55-3a1f1c2b7a10"
    url = reverse("families:risk-add", kwargs={"case": family.case.pk}) + f"?film={film}&at=46133000"
    client = signed_in(cast.asha)
    assert film in client.get(url).content.decode()
    client.post(url, {"text": "Flinched", "film": film, "at": "46133000"})
    concern = RiskConcern.objects.get()
    assert (str(concern.film_id), concern.film_time_us) == (film, 46_133_000)
    said = client.get(reverse("families:risk", kwargs={"case": family.case.pk})).content.decode()
    assert "0:46.1" in said


def test_closing_needs_a_reason_and_can_be_undone(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    today = timezone.localdate()
    day = {"closed_on_day": today.day, "closed_on_month": today.month, "closed_on_year": today.year}
    close = reverse("families:close", kwargs={"case": family.case.pk})
    assert "Enter a summary of how the work went" in text_of(client.post(close, day))
    why = ClosureReason.objects.values_list("pk", flat=True)[0]
    client.post(close, {**day, "why": why, "goals": "reached", "reason": "They found their way."})
    family.case.refresh_from_db()
    assert family.case.is_closed
    assert "Closed" in text_of(client.get(reverse("families:case", kwargs={"case": family.case.pk})))
    client.post(reverse("families:reopen", kwargs={"case": family.case.pk}), {"reason": "They asked to come back."})
    family.case.refresh_from_db()
    assert (family.case.stage, family.case.closed_on) == (Case.Stage.ENGAGING, None)
    assert [change.reason for change in family.case.stage_changes.all()] == [
        "They found their way.",
        "They asked to come back.",
    ]


def test_a_case_is_given_by_its_lead_or_a_manager_and_nobody_else(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    url = reverse("families:allocate", kwargs={"case": family.case.pk})
    assert signed_in(cast.ina).get(url).status_code == 403
    data = {"lead": cast.tess.pk, "co_workers": [cast.asha.pk], "team": cast.north.pk}
    assert signed_in(cast.carol).post(url, data).status_code == 302
    family.case.refresh_from_db()
    assert family.case.lead == cast.tess
    assert list(family.case.co_workers.all()) == [cast.asha]
    assert Case.objects.visible_to(cast.tess).filter(pk=family.case.pk).exists()
    assert "does not work with families" not in text_of(signed_in(cast.carol).get(url))
    assert signed_in(cast.carol).post(url, {**data, "lead": cast.dev.pk}).status_code == 200
