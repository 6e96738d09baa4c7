"""What the copy of somebody's record says of films: that they exist, and what was said about them.

The films themselves are not in it: everybody in shot has rights of their own in a film. Whoever asks for one is offered
to watch it, or gets a copy where all agree to that purpose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Prefetch

from clips.models import (
    Clip,
    ClipPrinciple,
    EvidenceHold,
    Recording,
    ReviewMoment,
    SharedReview,
    Words,
)
from families.models import Case, Person
from families.packs.registry import PackEntry, PackSource, unless_hidden
from families.packs.telling import hidden_in
from families.protection import CHILDREN

QUIET = "The people in this film are not to learn of it: telling them would put somebody in danger"
PRIVATE = "A private note of the practitioner: read it first"


def _shared_with_hidden(who: Person, cases: Sequence[Case]) -> set[object]:
    """The films of a child in which somebody protected is, too: that they were there tells when they came."""
    hidden = hidden_in(who, cases)
    if not hidden or who.kind not in CHILDREN:
        return set()
    return set(Recording.objects.filter(people__in=list(hidden.people)).values_list("pk", flat=True))


def films(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Films that the person is in, and what was noticed in them."""
    shared = _shared_with_hidden(who, cases)
    told = EvidenceHold.objects.exclude(words="")
    films = Recording.objects.filter(people=who, case__in=cases).select_related("uploaded_by")
    for film in films.prefetch_related(Prefetch("holds", told, to_attr="told_of")):
        seconds = round((film.duration_us or 0) / 1_000_000)
        facts = {"State": film.get_state_display()}
        if seconds:
            facts["Length"] = f"{seconds // 60} min {seconds % 60} s"
        if film.stopped_reason:
            facts["Why nobody plays it"] = film.stopped_reason
        if film.destroyed_at:
            facts["Destroyed"] = f"{film.destroyed_at:%-d %B %Y}: {film.destroyed_reason}"
        for held in film.told_of:  # one that its people are not to learn of has an entry of its own, and is sealed
            until = f" (until {held.released_at:%-d %B %Y})" if held.released_at else ""
            facts["Kept as evidence"] = f"{held.words}{until}"
            if held.told_on:
                facts["You were told"] = f"{held.told_on:%-d %B %Y}: {held.told_who}"
        kept = any(held.released_at is None for held in film.told_of)
        yield PackEntry(
            str(film.pk),
            "A film that you are in",
            at=film.filmed_on,
            text="" if film.destroyed_at or kept else "Ask us if you want to see it, or to have a copy.",
            by=film.uploaded_by.name,
            facts=facts,
            **unless_hidden(film.pk in shared),
        )
    quiet = EvidenceHold.objects.filter(recording__people=who, recording__case__in=cases, words="")
    for held in quiet.select_related("recording"):
        yield PackEntry(
            f"hold-{held.pk}", "A film kept as evidence", at=held.recording.filmed_on, withhold=QUIET, sealed=True
        )


def moments(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Moments that were found in the person's films: what they show, in the service's words and the practitioner's."""
    shared = _shared_with_hidden(who, cases)
    rows = Clip.objects.kept().filter(recording__people=who, recording__case__in=cases)
    related = rows.select_related("recording", "created_by", "initiative_by", "received_by")
    for each in related.prefetch_related(Prefetch("principles", to_attr="tagged")):
        facts = {"Shows": ", ".join(tag.label for tag in each.tagged)} if each.tagged else {}
        for label, by in (("Who began it", each.initiative_by), ("Who received it", each.received_by)):
            if by is not None:
                facts[label] = "You" if by == who else by.short_name
        yield PackEntry(
            str(each.pk),
            f"A moment in the film of {each.recording.filmed_on:%-d %B %Y}",
            at=each.created_at,
            text=each.note,
            by=each.created_by.name,
            facts=facts,
            **unless_hidden(each.recording_id in shared),
        )


def words(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What the person noticed in shared reviews, why those moments were chosen, and what was agreed there."""
    mine = Words.objects.filter(speaker=who, review__cycle__case__in=cases).select_related("recorded_by")
    for each in mine:
        earlier = {"As you first said it": each.earlier[0]["text"]} if each.earlier else {}
        yield PackEntry(
            str(each.pk), "What you noticed", at=each.said_at, text=each.text, by=each.recorded_by.name, facts=earlier
        )
    hidden = hidden_in(who, cases)
    spoken = Words.objects.filter(speaker__in=list(hidden.people)).values_list("review", flat=True) if hidden else ()
    others = set(spoken)
    reviews = SharedReview.objects.filter(cycle__case__in=cases, held_at__isnull=False)
    for review in reviews:
        if review.new_ideas or review.next_step or review.others_present:
            yield PackEntry(
                str(review.pk),
                "New ideas and the next step",
                at=review.held_at,
                text="\n".join(text for text in (review.new_ideas, review.next_step) if text),
                facts={"Who else was there": review.others_present} if review.others_present else {},
                **unless_hidden(review.pk in others),
            )
    shared = _shared_with_hidden(who, cases)
    chosen = ReviewMoment.objects.filter(clip__recording__people=who, review__in=reviews).exclude(why="")
    for moment in chosen.select_related("review", "clip"):
        hides = moment.review_id in others or moment.clip.recording_id in shared
        yield PackEntry(
            f"why-{moment.pk}",
            "Why a moment was chosen",
            at=moment.review.held_at,
            text=moment.why,
            **unless_hidden(hides, PRIVATE),
        )


SOURCES = (
    PackSource("films", "Films", films, 55, tells=(Recording, EvidenceHold)),
    PackSource("moments", "Moments in your films", moments, 55, tells=(Clip, ClipPrinciple)),
    PackSource("words", "Shared reviews", words, 56, tells=(SharedReview, ReviewMoment, Words)),
)
