"""What the copy of somebody's record says of films: that they exist, and what was said about them.

The films themselves are not in it: everybody in shot has rights of their own in a film. Whoever asks for one is offered
to watch it, or gets a copy where all agree to that purpose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Prefetch

from clips.models import EvidenceHold, Recording, SharedReview, Words
from families.models import Case, Person
from families.packs.registry import PackEntry, PackSource, unless_hidden
from families.packs.sources import hidden_in
from families.protection import CHILDREN


def films(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Films that the person is in. A child's tell when whoever is in them with the child was there."""
    hidden = hidden_in(who, cases)
    shared: set[object] = set()
    if hidden and who.kind in CHILDREN:
        shared = set(Recording.objects.filter(people__in=list(hidden.people)).values_list("pk", flat=True))
    told = EvidenceHold.objects.in_force().exclude(words="")
    films = Recording.objects.filter(people=who).select_related("uploaded_by")
    for film in films.prefetch_related(Prefetch("holds", told, to_attr="told_of")):
        seconds = round((film.duration_us or 0) / 1_000_000)
        facts = {"State": film.get_state_display()}
        if seconds:
            facts["Length"] = f"{seconds // 60} min {seconds % 60} s"
        if film.destroyed_at:
            facts["Destroyed"] = f"{film.destroyed_at:%-d %B %Y}: {film.destroyed_reason}"
        for held in film.told_of:  # of one that its people are not to learn of, nothing is said
            facts["Kept as evidence"] = held.words
        yield PackEntry(
            str(film.pk),
            "A film that you are in",
            at=film.filmed_on,
            text="" if film.destroyed_at or film.told_of else "Ask us if you want to see it, or to have a copy.",
            by=film.uploaded_by.name,
            facts=facts,
            **unless_hidden(film.pk in shared),
        )


def words(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What the person noticed in shared reviews, and what was agreed there."""
    for each in Words.objects.filter(speaker=who).select_related("recorded_by"):
        yield PackEntry(str(each.pk), "What you noticed", at=each.said_at, text=each.text, by=each.recorded_by.name)
    hidden = hidden_in(who, cases)
    spoken = Words.objects.filter(speaker__in=list(hidden.people)).values_list("review", flat=True) if hidden else ()
    others = set(spoken)
    for review in SharedReview.objects.filter(cycle__case__in=cases, held_at__isnull=False):
        if review.new_ideas or review.next_step:
            yield PackEntry(
                str(review.pk),
                "New ideas and the next step",
                at=review.held_at,
                text="\n".join(text for text in (review.new_ideas, review.next_step) if text),
                **unless_hidden(review.pk in others),
            )


SOURCES = (
    PackSource("films", "Films", films, 55),
    PackSource("words", "Shared reviews", words, 56),
)
