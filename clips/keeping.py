"""Films and the schedule of retention: what is kept, what must not go yet, what a family could have, and the ending."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from clips import actions, store
from clips.models import Recording
from families import consent
from families.consent import Purpose
from families.models import Case
from families.retention.registry import Copy, Gone, Keeper
from sessions.models import Cycle

State = Recording.State
SORTS = {
    "original": "The film as it was sent",
    "proxy": "The version for marking, and its frame times",
    "clips": "Cut moments and their pictures",
    "stills": "Stills",
    "poster": "Poster",
    "storyboard": "Storyboard",
    "peaks": "Drawing of its sound",
    "film": "What the check found",
    "frames": "Times of its frames",
    "marks": "Marks with their notes",
}
"""What a film consists of, in words for a certificate."""
TO_COPY = (Purpose.FILM, Purpose.COPY)  # what everybody in a film agrees to before the family has a copy of it


def kept(cases: Collection[uuid.UUID], before: datetime | None = None) -> Mapping[uuid.UUID, int]:
    """How many films there still are."""
    rows = Recording.objects.filter(case__in=list(cases)).exclude(state=State.DESTROYED).order_by()
    if before is not None:
        rows = rows.filter(created_at__lte=before)
    return dict(rows.values_list("case").annotate(films=Count("pk")))


def only_account(case: Case) -> Iterator[str]:
    """A film goes before the record only once its cycle has a written summary: else it is the only account of the work
    (NHS Records Management Code), and is kept as long as the record is. One that could never be used tells nothing."""
    there = Recording.objects.filter(case=case).exclude(state__in=[State.DESTROYED, State.REJECTED])
    unwritten = Cycle.objects.filter(recordings__in=there, summary="").distinct()
    for number in unwritten.order_by("number").values_list("number", flat=True):
        yield f"Cycle {number} has no written summary: without it the film is the only account of that work."
    for day in there.filter(cycle=None).order_by("filmed_on").values_list("filmed_on", flat=True):
        yield f"The film of {day:%-d %B %Y} is of no cycle, so no summary speaks of it: it may be the only account."


def copies(cases: Collection[Case]) -> Iterator[Copy]:
    """Films of which the family could have a copy."""
    films = Recording.objects.filter(case__in=cases, state=State.READY, evidence_since=None).prefetch_related("people")
    films = films.order_by("filmed_on")
    everybody = {person for film in films for person in film.people.all()}
    stands = consent.standings(everybody, TO_COPY)
    for film in films:
        people = film.people.all()
        if people and all(stands[person.pk, purpose].agreed for person in people for purpose in TO_COPY):
            yield Copy(f"The film of {film.filmed_on:%-d %B %Y}", reverse("clips:film-copy", args=[film.pk]))


def may_be_copied(film: Recording) -> bool:
    """Whether everybody in a film agrees that the family has a copy of it, and nobody keeps it as evidence."""
    agreed = consent.ask(film.people.all(), *TO_COPY).allowed
    return agreed and film.state == State.READY and film.evidence_since is None


def destroy(case_id: uuid.UUID, before: datetime, reason: str, *, once_more: bool = False) -> Mapping[str, Gone]:
    """Destroy every film of a case that was made before that moment; what went for this reason, earlier calls included.

    A film's rows outlive its files: what a crash left of one that is destroyed already goes here, too. Raises OSError
    when a film's files are still in their place afterwards.
    """
    films = Recording.objects.filter(case=case_id, created_at__lte=before)
    for film in films.exclude(state=State.DESTROYED):
        actions.destroy_film(by=None, recording=film, reason=reason, whatever_holds=once_more)
    went: dict[str, Gone] = defaultdict(lambda: Gone(0, 0))
    for film in films.filter(state=State.DESTROYED):
        if store.folder(film.pk).exists():
            store.destroy(film.pk)
        if store.folder(film.pk).exists():
            raise OSError(f"The files of film {film.pk} could not be deleted.")
        if film.destroyed_by_id is None and film.destroyed_reason == reason:
            for sort, held in film.destroyed_what.items():
                label = SORTS.get(sort, sort.capitalize())
                went[label] = Gone(went[label].files + held["files"], went[label].bytes + held["bytes"])
    return {sort: gone for sort, gone in went.items() if gone.files}


FILMS = Keeper("films", "Films", kept, only_account, copies, destroy)
