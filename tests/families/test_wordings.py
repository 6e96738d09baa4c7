"""What families are told is the service's to edit: by version, with a look at it first, for those whose work it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from audit.models import AuditEvent
from families import wordings
from families.models import Consent, ConsentLength, ConsentWording
from tests.cast import Cast, FamilyInTests
from tests.families.test_consent_rules import record

pytestmark = pytest.mark.django_db
URL = "/settings/consent/film/"
NEW = "We would like to make short films of you and your baby. You can say no. The help you get stays the same."


@pytest.fixture
def carol(cast: Cast, signed_in: Callable[..., Client]) -> Client:
    return signed_in(cast.carol)


def test_a_new_version_never_changes_an_old_one_nor_what_was_decided_under_it(
    carol: Client, cast: Cast, family: FamilyInTests
) -> None:
    made = record(cast, family.sam, family.sam)
    before = made.wording.text
    answer = carol.post(URL, {"text": NEW, "months": "6", "read": "1"}, follow=True)
    assert "Version 2 is in force now." in answer.content.decode()
    made.refresh_from_db()
    assert (made.wording.version, made.wording.text) == (1, before)
    assert wordings.current("film").text == NEW
    assert wordings.current("film").created_by == cast.carol
    assert record(cast, family.nan, family.nan).wording.version == 2
    assert AuditEvent.objects.filter(verb="wording.changed").count() == 1


def test_a_look_first_saves_nothing_and_names_sentences_that_are_hard_to_follow(carol: Client) -> None:
    long = NEW + " " + " ".join(["and"] * 30) + "."
    page = carol.post(URL, {"text": long, "months": "", "read": "1", "preview": "1"}).content.decode()
    assert "As a family reads it" in page
    assert "(30 words)" in page
    assert ConsentWording.objects.filter(purpose="film").count() == 1


def test_the_same_text_makes_no_version_and_the_length_changes_alone(carol: Client, cast: Cast) -> None:
    now = wordings.current("film")
    carol.post(URL, {"text": now.text, "months": "", "read": "1"})
    assert wordings.current("film") == now
    assert ConsentLength.objects.get(purpose="film").months is None


def test_two_who_write_at_once_do_not_pass_over_one_another(carol: Client) -> None:
    carol.post(URL, {"text": NEW, "months": "12", "read": "1"})
    answer = carol.post(URL, {"text": NEW + " Another.", "months": "12", "read": "1"})
    assert answer.status_code == 400
    assert "Version 2 has been written meanwhile" in answer.content.decode()
    assert NEW + " Another." in answer.content.decode()


@pytest.mark.parametrize("wrong", [{"text": ""}, {"text": "Yes?"}, {"months": "0"}, {"months": "x"}, {"read": ""}])
def test_what_cannot_be_is_said_and_not_saved(carol: Client, wrong: dict[str, str]) -> None:
    answer = carol.post(URL, {"text": NEW, "months": "12", "read": "1", **wrong})
    assert answer.status_code == 400
    assert ConsentWording.objects.filter(purpose="film").count() == 1


def test_no_purpose_of_that_name(carol: Client) -> None:
    assert carol.get("/settings/consent/nothing/").status_code == 404


# --- What the pages of a case show of it ------------------------------------------------------------------------


def test_the_copy_holds_what_they_decided_and_nothing_of_anybody_else(
    cast: Cast, family: FamilyInTests, signed_in: Callable[..., Client]
) -> None:
    record(cast, family.sam, family.sam)
    record(cast, family.rowan, family.sam, decision=Consent.Decision.REFUSED)
    record(cast, family.nan, family.nan, purpose="research")
    page = signed_in(cast.asha).get(f"/cases/{family.case.pk}/consent/{family.sam.pk}/copy/").content.decode()
    main = page.split('id="maincontent"')[1].split("</main>")[0]
    assert "For you: yes." in main
    assert "For Rowan: no." in main
    assert "then we ask you again" in main
    assert "I would like you to stop" in main
    for other in ("Nan", "Pat", "Research", family.family.reference):
        assert other not in main


def test_the_page_says_what_it_means_and_leads_to_changing_ones_mind(
    cast: Cast, consenting_family: FamilyInTests, signed_in: Callable[..., Client]
) -> None:
    family, client = consenting_family, signed_in(cast.asha)
    url = f"/cases/{family.case.pk}/consent/"
    assert "Films may be made and looked at today." in client.get(url).content.decode()
    stop = f"{url}stop/?what={family.nan.pk}:film"
    assert stop in client.get(url).content.decode()
    page = client.get(stop).content.decode()
    assert page.count("checked") == 1
    client.post(stop, {"what": [f"{family.nan.pk}:film"], "said_by": str(family.nan.pk)})
    page = client.get(url).content.decode()
    assert "No film may be made or looked at yet." in page
    assert "Nan no longer agrees to being filmed." in page


def test_a_paper_is_kept_with_the_decisions_it_proves(
    cast: Cast, family: FamilyInTests, signed_in: Callable[..., Client]
) -> None:
    from tests.world import a_picture

    client = signed_in(cast.asha)
    url = f"/cases/{family.case.pk}/consent/{family.sam.pk}/"
    body = {"evidence": "paper", "when": "now", "about_film": "given", "about_training": "refused"}
    client.post(url, {**body, "paper": a_picture()})
    first, second = Consent.objects.all()
    assert first.paper is not None
    assert first.paper == second.paper
    answer = client.get(f"/consent-papers/{first.paper_id}/file")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert AuditEvent.objects.filter(verb="consent-paper.seen").count() == 1
    a_page = a_picture()
    a_page.name, a_page.file = "form.png", __import__("io").BytesIO(b"<html>")
    a_page.size = 6
    refused = client.post(url, {**body, "paper": a_page})
    assert "There is a problem" in refused.content.decode()
    assert Consent.objects.count() == 2


def test_under_sixteen_it_is_written_down_who_decides(
    cast: Cast, family: FamilyInTests, signed_in: Callable[..., Client]
) -> None:
    from tests.families.test_consent_tasks import young_sam

    young_sam(family)
    client = signed_in(cast.asha)
    url = f"/cases/{family.case.pk}/consent/{family.sam.pk}/"
    body = {"evidence": "spoken", "witness": "Asha", "when": "now", "about_film": "given"}
    assert "Enter" in client.post(url, {**body, "decided_by": "parental"}).content.decode()
    client.post(url, {**body, "decided_by": "parental", "decided_by_name": "Jo, her mother"})
    client.post(url, {**body, "decided_by": "own"})
    assert {(row.capacity, row.decided_by_name) for row in Consent.objects.all()} == {
        ("parental", "Jo, her mother"),
        ("own", ""),
    }
    page = client.get(f"{url}ability/").content.decode()
    assert "Gillick" in page
    found = {"purposes": ["film"], "finding": "can", "reasons": "", "found_by": "Asha", "found_on_0": "1"}
    assert client.post(f"{url}ability/", found).status_code == 400
