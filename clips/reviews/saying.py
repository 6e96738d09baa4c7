"""What people noticed, in their own words, and what they want to try next. Words are never silently replaced."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.actions import record
from clips.actions.refusal import Refused
from clips.models import ReviewMoment, SharedReview, Words
from clips.reviews.choosing import locked, touch
from families.models import Person

if TYPE_CHECKING:
    from accounts.models import User

LENGTH = 4000


class Changed(Exception):
    """Somebody else wrote meanwhile; ``now`` is what stands (Words or SharedReview)."""

    def __init__(self, now: Words | SharedReview) -> None:
        super().__init__("These words were changed in another window.")
        self.now = now


def _text(text: str, *, empty: bool = False) -> str:
    text = text.strip()
    if not text and not empty:
        raise ValidationError({"text": "Write what was said"})
    if len(text) > LENGTH:
        raise ValidationError({"text": f"Keep this under {LENGTH:,} characters; it has {len(text):,}."})
    if "\x00" in text:
        raise ValidationError({"text": "There is a character in this that cannot be kept. Type it again."})
    return text


@transaction.atomic
def keep_words(
    *,
    by: User,
    review: SharedReview,
    text: str,
    speaker: Person | None = None,
    staff_speaker: User | None = None,
    moment: ReviewMoment | None = None,
    frame_us: int | None = None,
    words: Words | None = None,
    version: int | None = None,
    written_with: uuid.UUID | None = None,
    after: bool = False,
) -> Words:
    """Write down what somebody said, or write it again. Exactly one of ``speaker`` and ``staff_speaker``.

    ``frame_us`` pins it to a frame (presented time in the film, microseconds). ``written_with`` is the browser's
    own id for these words, so that a line that broke while sending makes no second row. Changing needs the
    ``version`` that was read, else ``Changed`` is raised with what stands now; the earlier wording is kept.
    """
    review = locked(review)
    case = review.cycle.case
    text = _text(text)
    if (speaker is None) == (staff_speaker is None):
        raise ValidationError({"speaker": "Select who said it"})
    if speaker is not None and not case.people.filter(pk=speaker.pk).exists():
        raise ValidationError({"speaker": "Select somebody of this family"})
    if moment is not None and moment.review_id != review.pk:
        raise ValidationError({"moment": "Select a moment of this review"})
    if moment is not None and frame_us is not None:
        frame_us = min(max(frame_us, moment.clip.first_us), moment.clip.last_us)
    if words is None and written_with is not None:
        words = Words.objects.filter(review=review, written_with=written_with).first()
        version = version if version is not None else (words.version if words else None)
    if words is None:
        words = Words(review=review, recorded_by=by, written_with=written_with, added_after=after)
        verb = "words.kept"
    else:
        words = Words.objects.select_for_update(of=("self",)).get(pk=words.pk, review=review)
        if version != words.version:
            raise Changed(words)
        if not text.startswith(words.text):  # going on writing is not another wording
            words.earlier = [*words.earlier, {"text": words.text, "at": timezone.now().isoformat()}]
        if (text, speaker, moment, frame_us) == (words.text, words.speaker, words.moment, words.frame_us):
            return words
        words.version += 1
        verb = "words.reworded"
    words.text, words.speaker, words.staff_speaker = text, speaker, staff_speaker
    words.moment, words.frame_us = moment, frame_us
    words.save()
    record(by=by, verb=verb, subject=words, family_id=case.family_id, case_id=case.pk)
    return words


@transaction.atomic
def remove_words(*, by: User, words: Words) -> None:
    """Take back words that were never said; what a review that was closed holds stays."""
    if words.review.cycle.closed_at is not None:
        raise Refused("This cycle is closed, so what was said stays as it is.")
    case = words.review.cycle.case
    record(by=by, verb="words.removed", subject=words, family_id=case.family_id, case_id=case.pk)
    words.delete()


@transaction.atomic
def keep_ideas(
    *, by: User, review: SharedReview, new_ideas: str, next_step: str, version: int | None = None
) -> SharedReview:
    """New ideas that came up and the next small step, in the family's words. Raises Changed for a stale writer."""
    review = locked(review)
    if version is not None and version != review.version:
        raise Changed(review)
    review.new_ideas, review.next_step = _text(new_ideas, empty=True), _text(next_step, empty=True)
    review.save(update_fields=["new_ideas", "next_step"])
    touch(review)
    case = review.cycle.case
    record(by=by, verb="review.ideas-kept", subject=review, family_id=case.family_id, case_id=case.pk)
    return review
