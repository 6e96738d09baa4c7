"""The service's own lists, texts and rules; the calls that people asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from families.models import Consultation
from referrals.models import AdviceCall, GuideText, IntakeRules, Reason, ServiceArea, Signpost
from referrals.texts import as_html
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
RULES = {
    "most_age_months": "12",
    "pregnancy_from_weeks": "16",
    "outside_may_ask": "on",
    "urgent_days": "1",
    "soon_days": "3",
    "routine_days": "5",
    "draft_days": "30",
    "return_days": "7",
    "link_days": "30",
}


@pytest.fixture
def carol(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.carol)


def test_a_manager_changes_what_the_public_pages_say_and_nobody_s_version_is_lost(carol: Client) -> None:
    address = "/referrals/settings/texts/guide/"
    assert carol.post(f"{address}?version=1", {"text": "# Who\nEverybody."}).status_code == 302
    assert "Everybody." in carol.get("/about-vig/").content.decode()
    late = carol.post(f"{address}?version=1", {"text": "Something else."})
    assert "another version meanwhile" in late.content.decode()
    assert list(GuideText.objects.filter(key="guide").values_list("version", flat=True)) == [2, 1]


def test_the_rules_are_changed_and_those_that_contradict_one_another_are_refused(carol: Client) -> None:
    address = "/referrals/settings/rules/"
    assert carol.post(address, RULES).status_code == 302
    assert IntakeRules.objects.get().most_age_months == 12
    for wrong in ({"soon_days": "0"}, {"most_age_months": "900"}, {"return_days": "90"}, {"routine_days": "2"}):
        said = carol.post(address, RULES | wrong)
        assert said.status_code == 200, wrong
        assert "There is a problem" in said.content.decode()
    assert "Babies younger than 12 months" in carol.get("/referrals/settings/").content.decode()


def test_lists_are_added_to_and_put_away(carol: Client) -> None:
    base = "/referrals/settings"
    assert (
        carol.post(f"{base}/reasons/add/", {"label": "A new one", "position": "99", "active": "on"}).status_code == 302
    )
    row = Reason.objects.get(label="A new one")
    carol.post(f"{base}/reasons/{row.pk}/", {"label": "A new one", "position": "99"})
    row.refresh_from_db()
    assert not row.active
    assert "There is a reason" in carol.post(f"{base}/reasons/add/", {"label": "A new one"}).content.decode()
    sign = {"name": "A helpline", "words": "For all", "position": "9", "active": "on"}
    assert "Enter a telephone number" in carol.post(f"{base}/signposts/add/", sign).content.decode()
    assert carol.post(f"{base}/signposts/add/", sign | {"phone": "111"}).status_code == 302
    assert Signpost.objects.filter(name="A helpline").exists()
    assert carol.get(f"{base}/nothing/add/").status_code == 404


def test_the_area_is_kept_as_first_halves_of_postcodes(carol: Client) -> None:
    address = "/referrals/settings/area/"
    assert "no first half" in carol.post(address, {"outcodes": "BD5, hello"}).content.decode()
    carol.post(address, {"outcodes": "bd5, BD7\nLS28 BD5"})
    assert list(ServiceArea.objects.values_list("outcode", flat=True)) == ["BD5", "BD7", "LS28"]
    carol.post(address, {"outcodes": ""})
    assert not ServiceArea.objects.exists()


def test_a_text_is_never_read_as_markup() -> None:
    html = as_html('# <script>\n- one <b>\n- https://example.org/?a=1&b="x"\nPlain & simple')
    assert "<script>" not in html
    assert "<b>" not in html
    assert html.count("<li>") == 2
    assert 'href="https://example.org/?a=1&amp;b="x' not in html
    assert "Plain &amp; simple" in html


def test_a_call_is_answered_once_and_counted_without_a_record(cast: Cast, signed_in: SignedIn) -> None:
    call = AdviceCall.objects.create(name="Hanna", asker="midwife", phone="+441632960200")
    ina = signed_in(cast.ina)
    address = f"/referrals/calls/{call.pk}/"
    assert "Hanna" in ina.get("/referrals/calls/").content.decode()
    done = {"outcome": "Talked.", "advised": "on", "minutes": "20", "topic": "Feeding", "advice": "Watch together."}
    assert "There is a problem" in ina.post(address, done | {"minutes": ""}).content.decode()
    assert ina.post(address, done).status_code == 302
    assert Consultation.objects.get().asked_by == "midwife"
    assert "already" in ina.post(address, done | {"outcome": "Again."}).content.decode()
    call.refresh_from_db()
    assert call.outcome == "Talked."
    family = AdviceCall.objects.create(name="Sam", asker="family", phone="+441632960201")
    assert ina.post(f"/referrals/calls/{family.pk}/", {"outcome": "Will refer herself."}).status_code == 302
    assert Consultation.objects.count() == 1
