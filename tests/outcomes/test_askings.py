"""Questionnaires in the family's own hand: on the tablet and by link, a question at a time, never with a score."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families.actions.loss import LossFacts, record_loss
from families.models import Case
from outcomes import actions
from outcomes.actions import askings
from outcomes.models import Asking, CriticalAnswer, Experience, GoalRating, Measure, MeasureVersion, Score
from outcomes.queries.experience import what_families_said
from outcomes.views.link import COOKIE, MOST_MISSES
from tests.cast import PIN, Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]
# as whole words: the Samaritans are no Sam
SECRETS = ["Rowan", "Sam", "Example", "Asha", "PHQ", "GAD", "score", "Score"]


@pytest.fixture(autouse=True)
def _nobody_has_guessed() -> None:
    cache.clear()


def told_in(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def version(key: str) -> MeasureVersion:
    return MeasureVersion.objects.get(measure__key=key)


def asked(cast: Cast, family: FamilyInTests, key: str = "gad-7", way: str = "link") -> Asking:
    return askings.ask(
        by=cast.asha,
        case=family.case,
        what="measure",
        way=way,
        version=version(key),
        person=family.sam,
        about_infant=family.rowan,
        occasion="baseline",
    )


def opened(cast: Cast, asking: Asking) -> Client:
    """A telephone on which the link was tapped."""
    client = Client()
    token = askings.make_link(by=cast.asha, asking=asking)
    answer = client.get(reverse("outcomes:answer-open", kwargs={"token": token}))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/q/")
    return client


def say(client: Client, number: int, value: str, go: str = "next") -> str:
    """Answer a question; where that leads."""
    answer = client.post(f"/q/step/{number}/", {"answer": value, "go": go})
    assert answer.status_code == 303, answer.content.decode()
    return answer.headers["Location"]


def test_the_desk_makes_a_link_that_is_shown_once(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    client = signed_in(cast.asha)
    form = {"what": "gad-7", "person": str(family.sam.pk), "way": "link", "occasion": "baseline", "session": ""}
    address = client.post(reverse("outcomes:ask", kwargs={"case": family.case.pk}), form).headers["Location"]
    assert "No link made yet" in client.get(address).content.decode()
    page = client.post(f"{address}link/").content.decode()
    (link,) = re.findall(r'value="(http[^"]+/q/[^"]+/)"', page)
    assert link not in client.get(address).content.decode()
    token = link.split("/")[-2]
    asking = Asking.objects.get()
    assert asking.token_hash == askings.fingerprint(token) != token
    assert not AuditEvent.objects.filter(detail__icontains=token).exists()
    assert Client().get(f"/q/{token}/").status_code == 303
    client.post(f"{address}link/")
    assert Client().get(f"/q/{token}/").status_code == 404, "a newer link ends the older one"


def test_a_questionnaire_by_link_is_answered_without_a_sign_in_and_scored_for_staff(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = opened(cast, asked(cast, family))
    page = client.get("/q/").content.decode()
    assert "<title>A few questions</title>" in page
    assert client.get("/q/step/1/").content.decode().count('type="radio"') == 4
    for number in range(1, 7):
        assert say(client, number, "2") == f"/q/step/{number + 1}/"
    assert say(client, 7, "", "skip") == "/q/step/check/"
    check = client.get("/q/step/check/").content.decode()
    assert "You skipped 1" in check
    assert client.post("/q/step/check/").headers["Location"] == "/q/thanks/"
    score = Score.objects.get()
    assert (score.values.get().value, score.way, score.respondent, score.recorded_by) == (14, "link", family.sam, None)
    assert (
        "Moderate: 10 or more"
        in signed_in(cast.asha).get(reverse("outcomes:goals", kwargs={"case": family.case.pk})).content.decode()
    )
    assert Asking.objects.get().answers == {}, "what was said is in the score alone"


def test_nothing_of_the_record_and_no_score_is_on_any_page_of_a_link(cast: Cast, family: FamilyInTests) -> None:
    asking = asked(cast, family)
    client = opened(cast, asking)
    told = [client.get("/q/"), client.get("/q/step/1/"), client.post("/q/step/1/", {"answer": "9"})]
    say(client, 1, "3")
    told += [client.get("/q/step/check/"), client.get("/q/thanks/"), Client().get("/q/not-a-token/")]
    client.post("/q/step/check/")
    told.append(client.get("/q/"))
    for page in told:
        text = page.content.decode()
        assert not [
            secret for secret in [*SECRETS, str(family.case.pk), family.family.reference] if told_in(secret, text)
        ]
        assert page.headers["Cache-Control"] == "no-store, private"
        assert "<script" not in text.replace('<script src="/static/js/supported', "").replace(
            '<script type="module" src="/static/js/frame', ""
        )


def test_a_link_opens_once_and_ends_with_its_time_or_when_it_is_taken_back(cast: Cast, family: FamilyInTests) -> None:
    asking = asked(cast, family)
    client = opened(cast, asking)
    say(client, 1, "1")
    other = Client()
    other.cookies[COOKIE] = client.cookies[COOKIE].value
    client.post("/q/step/check/")
    for late in (client.get("/q/"), other.get("/q/step/1/"), other.post("/q/step/2/", {"answer": "1"})):
        assert late.status_code == 404
    expired = asked(cast, family)
    client = opened(cast, expired)
    Asking.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.post("/q/step/1/", {"answer": "1"}).status_code == 404
    taken_back = asked(cast, family)
    client = opened(cast, taken_back)
    say(client, 1, "1")
    askings.withdraw(by=cast.asha, asking=taken_back)
    assert client.get("/q/step/1/").status_code == 404
    taken_back.refresh_from_db()
    assert taken_back.answers == {}
    assert Score.objects.count() == 1


def test_a_link_opened_anew_goes_on_and_shows_nothing_answered_before(cast: Cast, family: FamilyInTests) -> None:
    asking = asked(cast, family)
    client = opened(cast, asking)
    say(client, 1, "3")
    say(client, 2, "3")
    assert "checked" in client.get("/q/step/1/").content.decode(), "Back shows what was just answered"
    token = client.cookies[COOKIE].value
    somebody = Client()
    somebody.get(f"/q/{token}/")
    page = somebody.get("/q/").content.decode()
    assert "What you answered before is kept and is not shown here again. 5 questions to go" in page
    first = somebody.get("/q/step/1/").content.decode()
    assert "Worrying too much about different things" in first
    assert "checked" not in first
    for number in range(1, 6):
        say(somebody, number, "0")
    somebody.post("/q/step/check/")
    assert Score.objects.get().values.get().value == 6


def test_who_guesses_links_is_soon_not_answered_any_more(db: None) -> None:
    client = Client()
    told = [client.get(f"/q/guess-{number}/").status_code for number in range(MOST_MISSES + 2)]
    assert told == [404] * MOST_MISSES + [429] * 2


def test_without_a_token_no_page_of_a_link_opens(db: None) -> None:
    for path in ("/q/", "/q/step/1/", "/q/step/check/", "/q/step/help/"):
        for client in (Client(), Client()):
            client.cookies[COOKIE] = "not-a-token"
            assert client.get(path).status_code == 404
            assert client.post(path, {"answer": "1"}).status_code == 404


def test_what_is_no_answer_is_told_kindly_and_kept(cast: Cast, family: FamilyInTests) -> None:
    client = opened(cast, asked(cast, family))
    for wrong in ("", "4", "-1", "x" * 5000, "na"):
        page = client.post("/q/step/1/", {"answer": wrong, "go": "next"})
        assert page.status_code == 200
        assert "Choose an answer, or skip this one." in page.content.decode()
    for lost in ("0", "8", "99999999", "²"):
        assert client.get(f"/q/step/{lost}/").status_code in {303, 404}
    assert Asking.objects.get().answers == {}


# --- Critical answers ------------------------------------------------------------------------------------------


def test_a_measure_with_a_critical_item_goes_by_link_only_where_the_service_allows_it(
    cast: Cast, family: FamilyInTests
) -> None:
    with pytest.raises(ValidationError) as told:
        asked(cast, family, "phq-9")
    assert "does not send it by link" in str(told.value)
    Measure.objects.filter(key="phq-9").update(critical_by_link=True)
    client = opened(cast, asked(cast, family, "phq-9"))
    page = client.get("/q/").content.decode()
    assert "Nobody reads your answers straight away" in page
    assert "116 123" in page


def test_a_critical_answer_by_link_shows_help_at_once_and_tells_staff_before_it_is_sent(
    cast: Cast, family: FamilyInTests
) -> None:
    Measure.objects.filter(key="phq-9").update(critical_by_link=True)
    client = opened(cast, asked(cast, family, "phq-9"))
    assert say(client, 9, "1") == "/q/step/help/?on=check"
    page = client.get("/q/step/help/?on=check").content.decode()
    for number in ("999", "111", "116 123", "option 2"):
        assert number in page
    assert "/q/step/check/" in page
    assert 'href="https://elsewhere' not in client.get("/q/step/help/?on=https://elsewhere/").content.decode()
    row = CriticalAnswer.objects.get()
    assert (row.person, row.value, row.score) == (family.sam, 1, None)
    say(client, 9, "2")
    client.post("/q/step/check/")
    row = CriticalAnswer.objects.get()
    assert row.value == 2, "raised once, for the graver answer"
    assert row.score == Score.objects.get()


def test_taking_a_critical_answer_back_does_not_take_the_task_away(cast: Cast, family: FamilyInTests) -> None:
    Measure.objects.filter(key="phq-9").update(critical_by_link=True)
    client = opened(cast, asked(cast, family, "phq-9"))
    say(client, 9, "3")
    say(client, 9, "0")
    assert CriticalAnswer.objects.open().get().value == 3


# --- Together on the tablet ------------------------------------------------------------------------------------


def handed_over(client: Client, asking: Asking) -> None:
    url = reverse("outcomes:asking-hand-over", kwargs={"case": asking.case_id, "asking": asking.pk})
    client.get(reverse("outcomes:asking", kwargs={"case": asking.case_id, "asking": asking.pk}))
    assert client.post(url).headers["Location"] == "/together/"


def test_together_nothing_of_the_record_is_shown_and_a_critical_answer_is_for_staff_alone(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    handed_over(client, asked(cast, family, "phq-9", "together"))
    pages = [client.get("/together/")]
    for number in range(1, 10):
        pages.append(client.get(f"/together/{number}/"))
        answer = client.post(f"/together/{number}/", {"answer": "1", "go": "next"})
        assert answer.headers["Location"] == ("/together/check/" if number == 9 else f"/together/{number + 1}/")
    pages.append(client.get("/together/check/"))
    assert client.get("/together/help/").status_code == 303, "help by telephone is for those who are alone"
    client.post("/together/check/")
    pages.append(client.get("/together/"))
    for page in pages:
        text = page.content.decode()
        assert "<title>Together</title>" in text
        assert not [secret for secret in [*SECRETS, "critical", "Samaritans"] if told_in(secret, text)]
    assert "Please hand the device back" in pages[-1].content.decode()
    assert CriticalAnswer.objects.get().score == Score.objects.get()
    assert Score.objects.get().way == "together"
    tab = reverse("outcomes:goals", kwargs={"case": family.case.pk})
    assert client.post("/together/leave/", {"secret": PIN}).headers["Location"] == tab
    assert "Act today" in client.get(tab).content.decode()


def test_goals_are_rated_in_the_caregivers_own_hand(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    def goals() -> Asking:
        return askings.ask(by=cast.asha, case=family.case, what="goals", way="together", person=family.sam)

    with pytest.raises(ValidationError):
        goals()
    theirs = actions.add_goal(by=cast.asha, case=family.case, text="Calmer evenings")
    actions.add_goal(by=cast.asha, case=family.case, text="Nan’s own", whose=family.nan)
    client = signed_in(cast.asha)
    handed_over(client, goals())
    page = client.get("/together/1/").content.decode()
    assert "“Calmer evenings”" in page
    assert page.count('type="radio"') == 11
    assert "of 1" in page, "another’s goal is not theirs to rate"
    client.post("/together/1/", {"answer": "7", "go": "next"})
    client.post("/together/check/")
    rating = GoalRating.objects.get()
    assert (rating.value, rating.rated_by, rating.recorded_by, rating.wording.goal) == (7, family.sam, None, theirs)


def test_what_was_answered_on_the_tablet_waits_when_it_is_handed_back_early(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    asking = asked(cast, family, "gad-7", "together")
    client = signed_in(cast.asha)
    handed_over(client, asking)
    client.post("/together/1/", {"answer": "2", "go": "next"})
    client.post("/together/leave/", {"secret": PIN})
    assert not Score.objects.exists()
    tab = client.get(reverse("outcomes:goals", kwargs={"case": family.case.pk})).content.decode()
    assert "Waiting to be answered" in tab
    handed_over(client, asking)
    assert "/together/2/" in client.get("/together/").content.decode(), "it goes on where it was"


# --- How it was ------------------------------------------------------------------------------------------------


def test_what_a_family_says_of_the_service_carries_no_name_unless_they_say_so(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    def say_it(named: str) -> Experience:
        asking = askings.ask(by=cast.asha, case=family.case, what="experience", way="link", person=family.sam)
        client = opened(cast, asking)
        for number in range(1, 7):
            say(client, number, "5")
        say(client, 7, "The films")
        say(client, 8, "")
        say(client, 9, named, "next" if named else "skip")
        client.post("/q/step/check/")
        return Experience.objects.order_by("-pk").exclude(pk__in=before).get()

    before: list[object] = []
    nameless = say_it("")
    before.append(nameless.pk)
    assert (nameless.case, nameless.team, nameless.month.day) == (None, cast.north, 1)
    assert (nameless.best, nameless.better, nameless.answers["helped"]) == ("The films", "", 5)
    named = say_it("yes")
    assert named.case == family.case
    assert list(Experience.objects.visible_to(cast.asha)) == [named]
    assert Experience.objects.visible_to(cast.carol).count() == 2
    assert not Experience.objects.visible_to(cast.ben).exists()


def test_what_families_said_is_counted_once_nobody_can_be_guessed(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.carol)
    month = timezone.localdate().replace(day=1)
    for number in range(5):
        assert "once five families have answered" in client.get(reverse("outcomes:experience")).content.decode()
        Experience.objects.create(
            team=cast.north,
            month=month,
            answers={"listened": 5 if number else 2},
            best=f"Words {number}",
            case=family.case if number == 4 else None,
        )
    Experience.objects.create(team=cast.south, month=month, answers={"listened": 1}, best="Of another team")
    said = what_families_said(cast.carol)
    assert said.many == 5
    assert dict(said.statements[0].counts)["Yes, very much"] == 4
    page = client.get(reverse("outcomes:experience")).content.decode()
    assert "4 of 5" in page
    assert "Words 0" in page
    assert "Of another team" not in page
    tab = reverse("outcomes:goals", kwargs={"case": family.case.pk})
    named = signed_in(cast.asha).get(tab).content.decode()
    assert "Words 4" in named
    assert "Words 0" not in named


def test_after_a_death_in_the_family_nobody_is_asked_anything(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client = opened(cast, asked(cast, family))
    together = asked(cast, family, "gad-7", "together")
    tablet = signed_in(cast.asha)
    handed_over(tablet, together)
    record_loss(by=cast.asha, case=family.case, person=family.rowan, facts=LossFacts(kind="died"))
    assert client.get("/q/").status_code == 404
    assert client.post("/q/step/1/", {"answer": "1"}).status_code == 404
    tablet.get("/together/")
    assert "Question" not in tablet.get("/together/").content.decode()
    for what in ("experience", "goals"):
        with pytest.raises(ValidationError):
            askings.ask(by=cast.asha, case=family.case, what=what, way="link", person=family.sam)


def test_a_closed_case_is_asked_about_the_service_and_nothing_else(cast: Cast, family: FamilyInTests) -> None:
    waiting = asked(cast, family)
    client = opened(cast, waiting)
    family.case.stage, family.case.closed_on = Case.Stage.CLOSED, timezone.localdate()
    family.case.save()
    assert client.get("/q/").status_code == 404
    with pytest.raises(ValidationError):
        asked(cast, family)
    askings.ask(by=cast.asha, case=family.case, what="experience", way="link", person=family.sam)


def test_only_somebody_of_the_family_is_asked(cast: Cast, family: FamilyInTests) -> None:
    for stranger in (make_family(cast.ben).sam, family.rowan):
        with pytest.raises(ValidationError):
            askings.ask(by=cast.asha, case=family.case, what="experience", way="link", person=stranger)
    with pytest.raises(ValidationError):
        askings.ask(
            by=cast.asha, case=family.case, what="measure", way="link", version=version("epds"), person=family.sam
        )
