"""What films ask of people on their day, and what they add to a case's timeline."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from clips import actions
from clips.models import Recording, Upload
from families import registry, timeline
from tests.cast import Cast, FamilyInTests
from tests.clips import filming


@pytest.fixture
def film(cast: Cast, consenting_family: FamilyInTests) -> Recording:
    film = filming.pretend_ready(filming.make_recording(consenting_family, cast.asha), size=5000)
    film.sha256 = "a" * 64
    film.save()
    Upload.objects.create(recording=film, user=cast.asha, length=5000, offset=5000, sha256="a" * 64, state="complete")
    return film


def about_films(user: User) -> list[str]:
    return [task.title for task in registry.tasks_for(user) if "film" in task.title]


def test_the_copy_on_the_device_is_asked_about_until_it_is_ticked(film: Recording, cast: Cast) -> None:
    ask = "Erase the film of Rowan from the device it was made with"
    assert ask in about_films(cast.asha)
    actions.mark_device_copy_erased(by=cast.asha, recording=film)
    assert ask not in about_films(cast.asha)


def test_the_copy_is_not_asked_about_before_the_film_is_proven_whole(film: Recording, cast: Cast) -> None:
    Upload.objects.update(sha256="")
    Recording.objects.update(sha256="")
    assert not any(title.startswith("Erase") for title in about_films(cast.asha))


def test_a_film_is_to_be_looked_at_until_it_has_a_mark(film: Recording, cast: Cast) -> None:
    task = next(task for task in registry.tasks_for(cast.asha) if task.title == "Look at the film of Rowan")
    assert task.url == f"/films/{film.pk}/analyse/"
    mark = filming.mark(film, cast.asha)
    assert "Look at the film of Rowan" not in about_films(cast.asha)
    mark.deleted_at = timezone.now()
    mark.save()
    assert "Look at the film of Rowan" in about_films(cast.asha)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"state": "rejected", "rejected_reason": "No picture."}, "The film of Rowan cannot be used: see why"),
        ({"state": "failed"}, "The film of Rowan could not be prepared: try again"),
        ({"state": "stopped", "stopped_cause": "wrong"}, "The film of Rowan is the wrong one: move or destroy it"),
    ],
)
def test_what_went_wrong_is_asked_about(film: Recording, cast: Cast, changes: dict, says: str) -> None:
    Recording.objects.filter(pk=film.pk).update(**changes)
    assert says in about_films(cast.asha)


@pytest.mark.parametrize("who", ["ben", "carol", "dev", "tess", "sue", "ina"])
def test_nobody_else_is_asked_about_ashas_films(film: Recording, cast: Cast, who: str) -> None:
    assert about_films(getattr(cast, who)) == []


def test_a_film_that_was_destroyed_asks_nothing_and_stays_on_the_timeline(
    film: Recording, cast: Cast, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        actions.destroy_film(by=cast.asha, recording=film, reason="Asked for.")
    assert about_films(cast.asha) == []
    told = timeline.read(film.case, cast.asha, timeline.Asked(kinds=frozenset({"film"})))
    titles = [entry.title for entry in told.entries]
    assert [title.split()[-1] for title in titles] == ["destroyed", "sent"]


def test_the_number_of_queries_does_not_grow_with_the_films(
    film: Recording, cast: Cast, consenting_family: FamilyInTests, django_assert_max_num_queries
) -> None:
    def count() -> int:
        with django_assert_max_num_queries(60) as queries:
            registry.tasks_for(cast.asha)
        return len(queries)

    one = count()
    for _ in range(5):
        filming.make_recording(consenting_family, cast.asha, state="ready")
    assert count() == one
