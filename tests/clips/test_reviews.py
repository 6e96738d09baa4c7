"""Before the room and after it: choosing, ordering, the words completed, the cycle closed, what is asked of whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from clips import cycles, reviews
from clips.models import Recording, SharedReview, Words
from families.registry import tasks_for
from sessions.models import Cycle, VigSession
from tests.cast import Cast, FamilyInTests, consent_to_everything, make_family
from tests.clips.filming import make_recording, mark, pretend_ready
from tests.clips.reviewing import Review, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(cast: Cast, consenting_family: FamilyInTests) -> Review:
    return make_review(consenting_family, cast.asha)


@pytest.fixture
def asha(held: Review, signed_in: Callable[..., Client]) -> Client:
    return signed_in(held.by)


def order(review: SharedReview) -> list[Any]:
    return list(review.moments.values_list("clip", flat=True))


# --- Choosing -------------------------------------------------------------------------------------------------


def test_a_moment_moves_by_its_buttons_and_stays_at_the_ends(held: Review, asha: Client) -> None:
    url, (first, second, third) = f"/cycles/{held.cycle.pk}/moments/", [clip.pk for clip in held.clips]
    moments = list(held.review.moments.all())
    asha.post(url, {"do": f"down {moments[0].pk}"})
    assert order(held.review) == [second, first, third]
    asha.post(url, {"do": f"up {moments[1].pk}"})
    assert order(held.review) == [second, first, third]
    asha.post(url, {"do": "order", "moment": [moments[2].pk, moments[0].pk, moments[1].pk]})
    assert order(held.review) == [third, first, second]


def test_a_moment_is_chosen_and_left_out_again(held: Review, asha: Client) -> None:
    url, more = f"/cycles/{held.cycle.pk}/moments/", mark(held.film, held.by, first=1, last=2)
    asha.post(url, {"do": f"choose {more.pk}"})
    assert order(held.review)[-1] == more.pk
    asha.post(url, {"do": f"leave-out {more.pk}"})
    assert more.pk not in order(held.review)


def test_why_a_moment_was_chosen_is_the_practitioners_alone(held: Review, asha: Client) -> None:
    moment = held.review.moments.first()
    assert moment
    asha.post(f"/cycles/{held.cycle.pk}/moments/", {"do": f"why {moment.pk}", "why": "She waits here."})
    moment.refresh_from_db()
    assert moment.why == "She waits here."
    assert b"She waits here." in asha.get(f"/cycles/{held.cycle.pk}/moments/").content
    assert b"She waits here." not in held.room().get("/room/now/").content


@pytest.mark.parametrize("does", ["choose x", "leave-out 5", "up 999999", "down", "why x", "order", "", "nonsense 1"])
def test_a_button_that_names_nothing_changes_nothing(held: Review, asha: Client, does: str) -> None:
    before = order(held.review)
    assert asha.post(f"/cycles/{held.cycle.pk}/moments/", {"do": does}).status_code == 302
    assert order(held.review) == before


def test_a_mark_that_is_not_cut_yet_plays_from_the_film(held: Review, asha: Client) -> None:
    mark(held.film, held.by, first=1, last=2)
    page = asha.get(f"/cycles/{held.cycle.pk}/moments/").content.decode()
    assert f"/films/{held.film.pk}/media/play#t=0.040,0.080" in page
    assert "Being cut" in page


def test_moments_of_a_stopped_film_say_why_and_show_nothing(held: Review, asha: Client) -> None:
    Recording.objects.update(state=Recording.State.STOPPED)
    page = asha.get(f"/cycles/{held.cycle.pk}/moments/").content.decode()
    assert "This film has been stopped." in page
    assert "<video" not in page


# --- The tab --------------------------------------------------------------------------------------------------


def steps(held: Review) -> str | None:
    step = cycles.rows_of_case(held.family.case, held.by)[0].next_step
    return step.label if step else None


def test_one_thing_comes_next(held: Review, asha: Client) -> None:
    assert steps(held) == "Prepare the shared review"
    held.review.moments.all().delete()
    assert steps(held) == "Choose moments"
    held.review.delete()
    for clip in held.clips:
        clip.delete()
    assert steps(held) == "Look for moments"
    held.film.delete()
    assert steps(held) == "Plan the filming"
    page = asha.get(f"/cases/{held.family.case.pk}/cycles/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert main.count('class="nhsuk-button"') == 1


def test_after_the_review_the_words_then_the_end(held: Review) -> None:
    reviews.hold_without_room(by=held.by, review=held.review)
    assert steps(held) == "Complete the words"
    reviews.keep_words(by=held.by, review=held.review, text="He waits.", speaker=held.family.sam)
    reviews.keep_ideas(by=held.by, review=held.review, new_ideas="", next_step="Sing")
    assert steps(held) == "Close the cycle"


def test_the_tab_asks_the_database_as_often_for_many_cycles_as_for_one(
    held: Review, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        cycles.rows_of_case(held.family.case, held.by)
    for number in (2, 3, 4):
        cycle = Cycle.objects.create(case=held.family.case, number=number, wording=held.cycle.wording)
        film = make_recording(held.family, cast.asha, cycle=cycle)
        mark(film, cast.asha)
        SharedReview.objects.create(cycle=cycle)
    with django_assert_num_queries(6):
        assert len(cycles.rows_of_case(held.family.case, held.by)) == 4


def test_what_waits_is_on_the_leads_day_and_nobody_elses(held: Review, cast: Cast) -> None:
    assert "The shared review with Rowan is ready to hold" in [task.title for task in tasks_for(cast.asha)]
    assert "The shared review with Rowan is ready to hold" not in [task.title for task in tasks_for(cast.ben)]
    reviews.hold_without_room(by=held.by, review=held.review)
    assert "Complete the words of Rowan’s shared review" in [task.title for task in tasks_for(cast.asha)]


def test_an_empty_tab_says_what_would_be_here(cast: Cast, family: FamilyInTests, signed_in: Any) -> None:
    assert b"No cycles yet" in signed_in(cast.asha).get(f"/cases/{family.case.pk}/cycles/").content


# --- The film of a shared review ----------------------------------------------------------------------------------


def test_a_film_of_a_review_waits_for_the_named_supervisor_while_all_agree(cast: Cast, signed_in: Any) -> None:
    family = make_family(cast.tess)
    consent_to_everything(family, by=cast.tess)
    film = pretend_ready(make_recording(family, cast.tess, kind=Recording.Kind.REVIEW), size=100)
    title = "Look at Tess’s film of a shared review"
    assert title in [task.title for task in tasks_for(cast.sue)]
    assert title not in [task.title for task in tasks_for(cast.asha)]
    assert signed_in(cast.sue).get(f"/films/{film.pk}/analyse/").status_code == 200
    family.sam.consents.filter(purpose="supervision").delete()
    assert title not in [task.title for task in tasks_for(cast.sue)]
    assert signed_in(cast.sue).get(f"/films/{film.pk}/analyse/").status_code == 403


# --- The words afterwards ------------------------------------------------------------------------------------------


def test_words_are_added_afterwards_by_speaker(held: Review, asha: Client) -> None:
    moment = held.review.moments.first()
    assert moment
    asha.post(
        f"/reviews/{held.review.pk}/words/",
        {"do": f"add {moment.pk}", "speaker": str(held.family.sam.pk), "text": "Later I saw it."},
    )
    words = Words.objects.get()
    assert (words.moment, words.speaker, words.added_after) == (moment, held.family.sam, True)
    asha.post(f"/reviews/{held.review.pk}/words/", {"do": "add", "speaker": "staff", "text": "So did I."})
    assert Words.objects.filter(staff_speaker=held.by, moment=None).count() == 1


def test_first_and_later_words_stand_side_by_side(held: Review, asha: Client) -> None:
    words = reviews.keep_words(by=held.by, review=held.review, text="He looks.", speaker=held.family.sam)
    body = {"do": f"change {words.pk}", "version": 1, "speaker": str(held.family.sam.pk), "text": "She looks."}
    asha.post(f"/reviews/{held.review.pk}/words/", body)
    page = asha.get(f"/reviews/{held.review.pk}/words/").content.decode()
    assert "First words" in page
    assert "“He looks.”" in page
    assert "“She looks.”" in page


def test_a_stale_window_shows_both_and_loses_neither(held: Review, asha: Client) -> None:
    words = reviews.keep_words(by=held.by, review=held.review, text="One.", speaker=held.family.sam)
    reviews.keep_words(by=held.by, review=held.review, text="Two.", speaker=held.family.sam, words=words, version=1)
    body = {"do": f"change {words.pk}", "version": 1, "speaker": str(held.family.sam.pk), "text": "Three."}
    answer = asha.post(f"/reviews/{held.review.pk}/words/", body)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "“Two.”" in page
    assert "“Three.”" in page
    words.refresh_from_db()
    assert words.text == "Two."


def test_ideas_of_a_stale_window_are_shown_not_overwritten(held: Review, asha: Client) -> None:
    version = held.review.version
    reviews.keep_ideas(by=held.by, review=held.review, new_ideas="From the room", next_step="")
    body = {
        "do": "ideas", "ideas-new_ideas": "From the desk", "ideas-next_step": "", "ideas-version": version,
        "was_new_ideas": "", "was_next_step": "",
    }  # fmt: skip
    answer = asha.post(f"/reviews/{held.review.pk}/words/", body)
    assert answer.status_code == 409
    assert "From the room" in answer.content.decode()
    assert "From the desk" in answer.content.decode()


def test_an_order_changed_meanwhile_does_not_stop_the_ideas(held: Review, asha: Client) -> None:
    version = held.review.version
    reviews.order_moments(by=held.by, review=held.review, moments=[])
    body = {
        "do": "ideas", "ideas-new_ideas": "Wait", "ideas-next_step": "Sing", "ideas-version": version,
        "was_new_ideas": "", "was_next_step": "",
    }  # fmt: skip
    assert asha.post(f"/reviews/{held.review.pk}/words/", body).status_code == 302
    held.review.refresh_from_db()
    assert held.review.next_step == "Sing"


@pytest.mark.parametrize("bad", [{"text": ""}, {"speaker": "nobody"}, {"speaker": ""}])
def test_words_without_speaker_or_text_are_asked_for(held: Review, asha: Client, bad: dict[str, str]) -> None:
    body = {"do": "add", "speaker": "staff", "text": "x"} | bad
    answer = asha.post(f"/reviews/{held.review.pk}/words/", body)
    assert answer.status_code == 400
    assert b"There is a problem" in answer.content
    assert not Words.objects.exists()


# --- The end of a cycle ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "more", "text"),
    [
        ("keep", {}, "What am I doing to help Rowan settle?"),
        ("reword", {"reworded": "How do I help Rowan sleep?"}, "How do I help Rowan sleep?"),
        ("new", {"new": "When does she smile?"}, "When does she smile?"),
        ("none", {}, None),
    ],
)
def test_a_cycle_closes_with_its_summary_and_the_next_question(
    held: Review, asha: Client, choice: str, more: dict[str, str], text: str | None
) -> None:
    body = {"summary": "She waits and he answers.", "question": choice, **more}
    assert asha.post(f"/cycles/{held.cycle.pk}/close/", body).status_code == 302
    held.cycle.refresh_from_db()
    assert held.cycle.summary == "She waits and he answers."
    assert (held.cycle.next_wording.text if held.cycle.next_wording else None) == text
    page = asha.post(f"/reviews/{held.review.pk}/words/", {"do": "add", "speaker": "staff", "text": "x"}, follow=True)
    assert b"stays as it is" in page.content
    assert not Words.objects.exists()


def test_a_cycle_does_not_close_without_its_summary(held: Review, asha: Client) -> None:
    answer = asha.post(f"/cycles/{held.cycle.pk}/close/", {"summary": " ", "question": "keep"})
    assert answer.status_code == 400
    held.cycle.refresh_from_db()
    assert held.cycle.closed_at is None


def test_a_room_of_a_closed_cycle_is_over(held: Review, asha: Client) -> None:
    room = held.room()
    asha.post(f"/cycles/{held.cycle.pk}/close/", {"summary": "Done.", "question": "none"})
    assert room.get("/room/pulse/").json()["open"] is False


def test_a_filming_session_stands_in_the_row(held: Review, asha: Client) -> None:
    from django.utils import timezone

    VigSession.objects.create(
        case=held.family.case, cycle=held.cycle, kind="filming", place="home",
        starts_at=timezone.now(), practitioner=held.by,
    )  # fmt: skip
    held.review.moments.all().delete()
    held.film.delete()
    assert steps(held) == "Upload the film"
