"""A film that is kept as evidence: nobody but the safeguarding leads plays it, and what is due to go waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.safeguarding import name_leads
from audit.models import AuditEvent
from clips import evidence, jobs, store
from clips.actions import Refused
from clips.models import Clip, EvidenceHold, Recording
from families import registry
from families.registry import tasks_for
from tests.cast import Cast, FamilyInTests
from tests.clips import filming
from tests.clips.test_withdrawal import agree_again, open_room, withdraw

SignedIn = Callable[[User], Client]
IN_90_DAYS = timedelta(days=90)


@pytest.fixture(autouse=True)
def _no_sitting_from_before() -> None:
    cache.clear()


@pytest.fixture
def film(cast: Cast, consenting_family: FamilyInTests) -> Recording:
    name_leads(by=cast.dev, lead=cast.carol, deputy=cast.sue)
    return filming.pretend_ready(filming.make_recording(consenting_family, cast.asha), size=5000)


def keep(film: Recording, by: User, words: str = "The police asked us to keep it.", **more: str) -> EvidenceHold:
    day = timezone.localdate() + IN_90_DAYS
    return evidence.hold(by=by, recording=film, reason="Asked for by the police.", review_on=day, words=words, **more)


def plays(client: Client, film: Recording) -> int:
    return int(client.get(f"/films/{film.pk}/media/original").status_code)


def looks(client: Client, held: EvidenceHold) -> tuple[int, int]:
    """The page of what is kept, and the bytes of its film."""
    page = client.get(reverse("clips:evidence-film", args=[held.pk])).status_code
    return page, client.get(reverse("clips:evidence-media", args=[held.pk])).status_code


def files(film: Recording) -> list[Path]:
    return [each for each in store.folder(film.pk).rglob("*") if each.is_file()]


def test_from_that_moment_nobody_but_the_leads_plays_it(film: Recording, cast: Cast, signed_in: SignedIn) -> None:
    everybody = [cast.asha, cast.ben, cast.tess, cast.ina, cast.dev]
    asha, carol, sue = signed_in(cast.asha), signed_in(cast.carol), signed_in(cast.sue)
    assert plays(asha, film) == 200
    held = keep(film, cast.carol)
    assert plays(asha, film) in {403, 410}
    assert plays(carol, film) in {403, 404, 410}  # the ordinary address is closed to the lead, too
    assert [looks(each, held) for each in (carol, sue)] == [(200, 200), (200, 200)]
    for user in everybody:
        assert set(looks(signed_in(user), held)) <= {403, 404}, user.email
    page = asha.get(reverse("clips:film", args=[film.pk])).content.decode()
    assert "kept as evidence by Carol Manager" in page
    assert "police" not in page
    assert AuditEvent.objects.filter(verb="evidence.opened").count() == 2


def test_nothing_of_it_is_shown_or_cut_any_more(film: Recording, cast: Cast, signed_in: SignedIn) -> None:
    lease = open_room(film, cast)
    clip = Clip.objects.get(recording=film)
    keep(film, cast.carol)
    lease.refresh_from_db()
    assert lease.ended_at is not None
    assert signed_in(cast.asha).get(f"/clips/{clip.pk}/media/clip").status_code in {403, 404, 410}
    clip.refresh_from_db()
    assert jobs.enqueue_cut(clip) is None


def test_a_withdrawal_stops_everybody_at_once_and_the_deletion_waits_until_it_is_released(
    film: Recording,
    cast: Cast,
    consenting_family: FamilyInTests,
    signed_in: SignedIn,
    django_capture_on_commit_callbacks: Callable,
) -> None:
    held = keep(film, cast.carol)
    evidence.tell(by=cast.carol, held=held, told_who="Sam, by telephone", told_on=timezone.localdate())
    withdraw(consenting_family)
    held.refresh_from_db()
    assert held.deletion_due_at is not None
    assert held.to_tell  # again: what they asked for has not happened
    assert files(film)
    assert looks(signed_in(cast.carol), held) == (200, 200)
    with django_capture_on_commit_callbacks(execute=True):
        assert evidence.release(by=cast.sue, held=held, why="The police do not need it.") is True
    film.refresh_from_db()
    assert film.state == Recording.State.DESTROYED
    assert not files(film)
    assert set(looks(signed_in(cast.carol), held)) <= {404}


def test_a_change_of_mind_takes_the_deletion_back(
    film: Recording, cast: Cast, consenting_family: FamilyInTests, signed_in: SignedIn
) -> None:
    held = keep(film, cast.carol)
    withdraw(consenting_family)
    agree_again(consenting_family, cast)
    held.refresh_from_db()
    assert held.deletion_due_at is None
    assert evidence.release(by=cast.carol, held=held, why="Not needed.") is False
    assert plays(signed_in(cast.asha), film) == 200


def test_nobody_destroys_or_moves_it_while_it_is_kept(
    film: Recording, cast: Cast, consenting_family: FamilyInTests
) -> None:
    from clips import actions

    held = keep(film, cast.carol)
    with pytest.raises(Refused):
        actions.destroy_film(by=cast.asha, recording=film, reason="The wrong film.")
    with pytest.raises(Refused):
        keep(film, cast.sue)
    things = list(registry.held_for(consenting_family.case, cast.asha))
    assert [thing.title for thing in things] == [f"The film of {film.filmed_on:%-d %B %Y}"]
    assert "police" not in things[0].detail
    evidence.release(by=cast.carol, held=held, why="Not needed.")
    assert list(registry.held_for(consenting_family.case, cast.asha)) == []


def test_only_a_named_lead_keeps_and_each_says_why_and_what_the_family_is_told(film: Recording, cast: Cast) -> None:
    for user in (cast.asha, cast.dev, cast.ben):
        with pytest.raises(Refused):
            keep(film, user)
    with pytest.raises(ValidationError):
        keep(film, cast.carol, words=" ")
    with pytest.raises(ValidationError):
        evidence.hold(by=cast.carol, recording=film, reason="", review_on=timezone.localdate() + IN_90_DAYS, words="x")
    held = keep(film, cast.carol, words="", not_told_why="Telling would put Sam in danger.")
    assert held.quiet
    with pytest.raises(Refused):
        evidence.tell(by=cast.carol, held=held, told_who="Sam", told_on=timezone.localdate())


def test_where_telling_is_dangerous_nothing_that_a_family_may_see_tells(
    film: Recording, cast: Cast, consenting_family: FamilyInTests, signed_in: SignedIn
) -> None:
    keep(film, cast.carol, words="", not_told_why="Telling would put Sam in danger.")
    page = signed_in(cast.asha).get(reverse("families:case", args=[consenting_family.case.pk])).content.decode()
    assert "evidence" not in page
    assert "danger" not in page


def test_the_leads_are_asked_to_tell_and_to_look_again_until_they_have(film: Recording, cast: Cast) -> None:
    held = keep(film, cast.carol)

    def asked() -> list[str]:
        return [task.title for task in tasks_for(cast.carol) if task.kind == "evidence"]

    assert asked() == ["Tell the people in a film that it is kept as evidence"]
    evidence.tell(by=cast.sue, held=held, told_who="Sam, at home", told_on=timezone.localdate())
    assert asked() == []
    EvidenceHold.objects.update(review_on=timezone.localdate())
    assert asked() == ["Is this film still needed as evidence?"]
    evidence.keep_on(by=cast.carol, held=held, review_on=timezone.localdate() + IN_90_DAYS)
    assert asked() == []
    assert [task.title for task in tasks_for(cast.asha) if task.kind == "evidence"] == []


def test_a_lead_who_is_not_named_any_more_is_locked_out_in_the_middle(
    film: Recording, cast: Cast, signed_in: SignedIn
) -> None:
    held = keep(film, cast.carol)
    carol = signed_in(cast.carol)
    assert looks(carol, held) == (200, 200)
    name_leads(by=cast.dev, lead=cast.sue, deputy=None)
    assert set(looks(carol, held)) <= {403, 404}
    assert looks(signed_in(cast.sue), held) == (200, 200)


def test_the_form_keeps_what_was_typed_and_says_what_is_missing(
    film: Recording, cast: Cast, signed_in: SignedIn
) -> None:
    url = reverse("clips:evidence-hold", args=[film.pk])
    answer = signed_in(cast.carol).post(url, {"reason": "Asked for by the police."})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "There is a problem" in page
    assert "Asked for by the police." in page
    assert not EvidenceHold.objects.exists()
