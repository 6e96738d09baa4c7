"""The page that sends films: what it asks, what it records, and what it says when a film cannot be sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from clips.models import Recording, Upload
from families.consent import Purpose, ask
from families.models import Consent, Membership, Person
from outcomes.models import HelpingQuestion, HelpingQuestionWording
from sessions.models import Cycle, VigSession
from tests.cast import Cast, FamilyInTests, give_consent
from tests.clips import filming

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]


def address(family: FamilyInTests) -> str:
    return f"/cases/{family.case.pk}/films/new/"


def text(response: Any) -> str:
    """What the page says, without its tags."""
    page = re.sub(r"<(script|style|template|noscript).*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def facts(response: Any) -> dict[str, Any]:
    found = re.search(r'id="upload-facts" type="application/json">(.*?)</script>', response.content.decode(), re.S)
    assert found
    said: dict[str, Any] = json.loads(found[1])
    return said


def answers(family: FamilyInTests, *people: Person, **more: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "kind": "interaction",
        "people": [str(person.pk) for person in people],
        "filmed_on_day": today.day,
        "filmed_on_month": today.month,
        "filmed_on_year": today.year,
        **more,
    }


def says_yes(person: Person, *, decided_by: Person | None = None, **more: str) -> dict[str, str]:
    """The answers in one person's block of consent."""
    prefix = f"consent-{person.pk}"
    said = {"about_film": "given", "about_shared_review": "given", "evidence": "spoken", "witness": "Asha", **more}
    if decided_by is not None:
        said["decided_by"] = str(decided_by.pk)
    return {f"{prefix}-{name}": value for name, value in said.items()}


def unanswered(*people: Person) -> dict[str, str]:
    """What a browser sends of blocks that nobody filled in."""
    return {
        f"consent-{person.pk}-{name}": value
        for person in people
        for name, value in {"about_film": "", "about_shared_review": "", "evidence": "spoken", "witness": "A"}.items()
    }


@pytest.fixture
def asha(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.asha)


def test_a_family_that_agreed_is_asked_nothing_but_who_is_in_the_film(
    asha: Client, consenting_family: FamilyInTests
) -> None:
    page = asha.get(address(consenting_family))
    assert page.status_code == 200
    assert "Who is in the film?" in text(page)
    assert "Ask about" not in text(page)
    assert facts(page)["about"] is None


def test_the_answers_lead_to_the_film_and_stand_in_the_address_as_ids(
    asha: Client, consenting_family: FamilyInTests
) -> None:
    family = consenting_family
    answer = asha.post(address(family), answers(family, family.rowan, family.sam))
    assert answer.status_code == 302
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert set(query["people"]) == {str(family.rowan.pk), str(family.sam.pk)}
    assert "Rowan" not in answer["Location"]
    assert "Sam" not in answer["Location"]
    page = asha.get(answer["Location"])
    about = facts(page)["about"]
    assert set(about["people"]) == {str(family.rowan.pk), str(family.sam.pk)}
    assert about["case"] == str(family.case.pk)
    assert about["filmed_on"] == timezone.localdate().isoformat()
    begun = filming.begin(asha, family, 1000, **about)
    assert begun.status_code == 201


def test_the_limit_is_said_before_anything_is_sent(
    asha: Client, consenting_family: FamilyInTests, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_BYTES = 3 * 10**9
    family = consenting_family
    page = asha.post(address(family), answers(family, family.sam), follow=True)
    assert "Up to 3 GB each" in text(page)
    assert facts(page)["most_bytes"] == 3 * 10**9


def test_consent_spoken_on_the_spot_is_recorded_and_the_film_can_be_sent(
    asha: Client, cast: Cast, family: FamilyInTests
) -> None:
    page = asha.get(address(family))
    for name in ("Rowan", "Sam", "Nan"):
        assert f"Ask about {name}" in text(page)
    said = (
        answers(family, family.rowan, family.sam) | says_yes(family.sam) | says_yes(family.rowan, decided_by=family.sam)
    )
    answer = asha.post(address(family), said, follow=True)
    assert "Recorded what was decided: Rowan and Sam." in text(answer)
    assert facts(answer)["about"] is not None
    assert ask([family.rowan, family.sam], Purpose.FILM, Purpose.SHARED_REVIEW).allowed
    kept = Consent.objects.get(person=family.rowan, purpose=Purpose.FILM)
    assert (kept.decided_by, kept.capacity, kept.recorded_by) == (family.sam, Consent.Capacity.PARENTAL, cast.asha)


def test_paper_is_taken_as_well_as_speech(asha: Client, family: FamilyInTests) -> None:
    said = answers(family, family.sam) | says_yes(family.sam, evidence="paper", witness="")
    assert facts(asha.post(address(family), said, follow=True))["about"] is not None
    assert Consent.objects.get(person=family.sam, purpose=Purpose.FILM).evidence == "paper"


def test_without_everybodys_agreement_no_film_can_be_sent_and_the_page_says_why(
    asha: Client, family: FamilyInTests
) -> None:
    said = answers(family, family.rowan, family.sam, family.nan) | says_yes(family.sam)
    said |= unanswered(family.rowan, family.nan)
    page = asha.post(address(family), said)
    assert page.status_code == 200
    words = text(page)
    assert "There is a problem" in words
    assert "Nan has not been asked about being filmed." in words
    assert "Rowan has not been asked about being filmed." in words
    assert "Sam has not been asked" not in words
    assert facts(page)["about"] is None
    # What Sam said is kept all the same, and is not asked twice.
    assert ask([family.sam], Purpose.FILM).allowed
    assert "Ask about Sam" not in words


def test_a_refusal_is_recorded_once_and_stops_the_film(asha: Client, family: FamilyInTests) -> None:
    said = answers(family, family.sam) | says_yes(family.sam, about_film="refused", about_shared_review="")
    page = asha.post(address(family), said)
    assert "Sam does not agree to being filmed." in text(page)
    # The same page sent once more records no second refusal: nothing is ticked in the block any more.
    assert f'name="consent-{family.sam.pk}-about_film" value="refused" checked' not in page.content.decode()
    assert Consent.objects.filter(person=family.sam).count() == 1
    begun = filming.begin(asha, family, 1000, people=[str(family.sam.pk)])
    assert begun.status_code == 403
    assert not Upload.objects.exists()


def test_a_baby_whose_parental_responsibility_nobody_settled_says_so_with_the_way_there(
    asha: Client, family: FamilyInTests
) -> None:
    Membership.objects.filter(person=family.sam).update(parental_responsibility="unknown")
    page = asha.get(address(family))
    assert "it is not known yet whether Sam has it" in text(page)
    assert f"/cases/{family.case.pk}/people/" in page.content.decode()
    said = answers(family, family.rowan) | says_yes(family.rowan, decided_by=family.sam)
    page = asha.post(address(family), said)
    assert page.status_code == 200
    assert not Consent.objects.exists()


def test_nothing_that_was_typed_is_lost_by_a_mistake_elsewhere(asha: Client, family: FamilyInTests) -> None:
    said = answers(family, family.sam, filmed_on_day="31", filmed_on_month="2")
    said |= says_yes(family.sam, witness="The health visitor", evidence="")
    page = asha.post(address(family), said)
    html = page.content.decode()
    assert "There is a problem" in text(page)
    assert re.search(r"<title>\s*Error: ", html)
    assert 'value="The health visitor"' in html
    assert re.search(rf'value="{family.sam.pk}"[^>]*checked', html)
    assert 'value="31"' in html
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"people": []}, "Select everybody who is in the film"),
        ({"kind": "portrait"}, "Select what the film shows"),
        ({"filmed_on_year": "2999"}, "must be today or in the past"),
        ({"filmed_on_day": ""}, "must include a day"),
        ({"people": ["not-an-id"]}, "There is a problem"),
    ],
)
def test_each_mistake_is_named_in_the_error_summary(
    asha: Client, consenting_family: FamilyInTests, change: dict[str, Any], message: str
) -> None:
    page = asha.post(address(consenting_family), answers(consenting_family, consenting_family.sam) | change)
    assert page.status_code == 200
    assert message in text(page)
    assert facts(page)["about"] is None


def test_people_of_another_family_cannot_be_named(asha: Client, cast: Cast, consenting_family: FamilyInTests) -> None:
    from tests.cast import make_family

    other = make_family(cast.asha)
    page = asha.post(address(consenting_family), answers(consenting_family, other.sam))
    assert "Select people of this case" in text(page)


def test_an_agreement_taken_back_between_the_answers_and_the_film_closes_the_page_again(
    asha: Client, cast: Cast, consenting_family: FamilyInTests
) -> None:
    family = consenting_family
    ready = asha.post(address(family), answers(family, family.sam))["Location"]
    Consent.objects.filter(person=family.sam, purpose=Purpose.FILM).update(withdrawn_at=timezone.now())
    page = asha.get(ready)
    assert facts(page)["about"] is None
    assert "Sam no longer agrees to being filmed." in text(page)


def test_who_has_not_agreed_to_the_shared_review_is_said_but_the_film_can_be_sent(
    asha: Client, cast: Cast, family: FamilyInTests
) -> None:
    give_consent(family.sam, Purpose.FILM, by=cast.asha)
    page = asha.post(address(family), answers(family, family.sam) | unanswered(family.sam), follow=True)
    assert facts(page)["about"] is not None
    assert "Sam has not been asked about being seen in the shared review." in text(page)


def test_an_unborn_baby_cannot_be_in_a_film(asha: Client, consenting_family: FamilyInTests) -> None:
    family = consenting_family
    family.rowan.date_of_birth, family.rowan.expected_on = None, timezone.localdate() + timedelta(weeks=6)
    family.rowan.save()
    page = asha.get(address(family))
    assert f'value="{family.rowan.pk}"' not in page.content.decode()
    assert "Rowan is not born yet and cannot be in a film." in text(page)


def make_cycle(family: FamilyInTests, cast: Cast, number: int = 1) -> Cycle:
    question = HelpingQuestion.objects.create(case=family.case, whose=family.sam)
    wording = HelpingQuestionWording.objects.create(
        question=question, version=1, text="What helps her settle?", recorded_by=cast.asha
    )
    return Cycle.objects.create(case=family.case, number=number, wording=wording)


def test_a_link_from_a_cycle_fills_in_the_film_of_its_shared_review(
    asha: Client, cast: Cast, consenting_family: FamilyInTests
) -> None:
    cycle = make_cycle(consenting_family, cast)
    page = asha.get(f"{address(consenting_family)}?kind=review&cycle={cycle.pk}")
    html = page.content.decode()
    assert re.search(r'value="review"[^>]*checked', html)
    assert re.search(rf'value="{cycle.pk}"[^>]*checked', html)
    assert "What helps her settle?" in text(page)
    said = answers(consenting_family, consenting_family.sam, kind="review", cycle=str(cycle.pk))
    about = facts(asha.post(address(consenting_family), said, follow=True))["about"]
    assert (about["kind"], about["cycle"]) == (Recording.Kind.REVIEW, str(cycle.pk))


def test_a_closed_cycle_is_not_offered(asha: Client, cast: Cast, consenting_family: FamilyInTests) -> None:
    cycle = make_cycle(consenting_family, cast)
    Cycle.objects.filter(pk=cycle.pk).update(closed_at=timezone.now(), summary="It went well.")
    page = asha.get(f"{address(consenting_family)}?cycle={cycle.pk}")
    assert f'value="{cycle.pk}"' not in page.content.decode()
    assert "begin a cycle" in text(page)


def test_a_link_from_a_session_fills_in_its_day_and_keeps_it(
    asha: Client, cast: Cast, consenting_family: FamilyInTests
) -> None:
    family = consenting_family
    when = timezone.now() - timedelta(days=3)
    session = VigSession.objects.create(
        case=family.case, kind=VigSession.Kind.FILMING, place="home", starts_at=when, practitioner=cast.asha
    )
    html = asha.get(f"{address(family)}?session={session.pk}").content.decode()
    day = timezone.localtime(when).day
    assert re.search(rf'name="filmed_on_day"[^>]*value="{day}"', html)
    about = facts(asha.post(address(family), answers(family, family.sam, session=str(session.pk)), follow=True))[
        "about"
    ]
    assert about["session"] == str(session.pk)


@pytest.mark.parametrize("nonsense", ["?cycle=x&session=y&kind=z", "?ready=1", "?ready=1&people=1", "?change=1"])
def test_a_nonsense_address_is_only_an_empty_form(
    asha: Client, consenting_family: FamilyInTests, nonsense: str
) -> None:
    page = asha.get(address(consenting_family) + nonsense)
    assert page.status_code == 200
    assert facts(page)["about"] is None


def test_change_keeps_the_answers(asha: Client, consenting_family: FamilyInTests) -> None:
    family = consenting_family
    page = asha.post(address(family), answers(family, family.nan, kind="review"), follow=True)
    change = re.search(r'href="([^"]+change=1)"', page.content.decode())
    assert change
    html = asha.get(change[1].replace("&amp;", "&")).content.decode()
    assert re.search(rf'value="{family.nan.pk}"[^>]*checked', html)
    assert re.search(r'value="review"[^>]*checked', html)


def test_a_closed_case_takes_no_film(asha: Client, consenting_family: FamilyInTests) -> None:
    consenting_family.case.closed_on = timezone.localdate()
    consenting_family.case.stage = "closed"
    consenting_family.case.save()
    page = asha.get(address(consenting_family))
    assert "This case is closed" in text(page)
    assert "Continue to the film" not in text(page)


def test_only_the_persons_own_unfinished_films_are_listed(
    asha: Client, cast: Cast, signed_in: SignedIn, consenting_family: FamilyInTests
) -> None:
    upload = Upload.objects.get(pk=filming.begin(asha, consenting_family, 1000).json()["upload"])
    page = asha.get(address(consenting_family))
    assert "Films that are still on their way" in text(page)
    assert facts(page)["unfinished"] == {str(upload.pk): "Film of 5 Jan 2026: Rowan and Sam"}
    Upload.objects.update(user=cast.tess)
    assert facts(asha.get(address(consenting_family)))["unfinished"] == {}


def test_without_javascript_the_page_says_honestly_what_it_can_and_cannot_do(
    asha: Client, consenting_family: FamilyInTests
) -> None:
    html = asha.get(address(consenting_family)).content.decode()
    assert "Sending a film needs JavaScript" in html.split("<noscript>")[1].split("</noscript>")[0]
    ready = asha.post(address(consenting_family), answers(consenting_family, consenting_family.sam), follow=True)
    assert '<div class="up-drop" data-drop hidden>' in ready.content.decode()  # no control that does nothing


def test_the_choice_of_a_file_names_no_types_so_that_an_iphone_hands_over_the_film_itself(
    asha: Client, consenting_family: FamilyInTests
) -> None:
    ready = asha.post(address(consenting_family), answers(consenting_family, consenting_family.sam), follow=True)
    fields = re.findall(r'<input[^>]*type="file"[^>]*>', ready.content.decode())
    assert fields
    assert not any("accept" in field for field in fields)


def test_the_page_asks_the_database_no_more_for_more_unfinished_films(
    asha: Client, consenting_family: FamilyInTests, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    filming.begin(asha, consenting_family, 1000)
    asha.get(address(consenting_family))
    with CaptureQueriesContext(connection) as few:
        asha.get(address(consenting_family))
    for _ in range(4):
        filming.begin(asha, consenting_family, 1000)
    with CaptureQueriesContext(connection) as many:
        asha.get(address(consenting_family))
    assert len(many) == len(few)


def test_a_film_on_its_way_can_begin_again_as_another_copy_with_its_marks(
    asha: Client, consenting_family: FamilyInTests
) -> None:
    begun = filming.begin(asha, consenting_family, 5000).json()
    filming.patch(asha, begun["upload_url"], 0, b"x" * 3000)
    again = asha.post(
        "/uploads/", json.dumps({"film": begun["film"], "length": 200}), content_type="application/json",
        headers=filming.TUS,
    )  # fmt: skip
    assert again.status_code == 201
    assert (again.json()["upload"], again.json()["film"]) == (begun["upload"], begun["film"])
    data = b"y" * 200
    stale = filming.patch(asha, begun["upload_url"], 3000, b"x" * 100)
    assert stale.status_code == 409
    assert stale.headers["Upload-Offset"] == "0"
    assert filming.patch(asha, begun["upload_url"], 0, data, Upload_Checksum=filming.sha256_of(data)).status_code == 204
    from clips import store

    assert store.path(Upload.objects.get().recording_id, store.ORIGINAL).read_bytes() == data


def test_a_film_that_has_arrived_cannot_begin_again(asha: Client, consenting_family: FamilyInTests) -> None:
    upload = filming.send(asha, consenting_family, b"z" * 500)
    again = asha.post(
        "/uploads/", json.dumps({"film": str(upload.recording_id), "length": 200}), content_type="application/json",
        headers=filming.TUS,
    )  # fmt: skip
    assert again.status_code == 403
