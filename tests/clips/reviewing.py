"""A cycle with a film and chosen, cut moments: rows and made-up bytes, for tests that look at no picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts.models import User
from clips import reviews, store
from clips.models import Clip, Recording, RoomLease, SharedReview
from clips.reviews import leases
from outcomes.models import HelpingQuestion, HelpingQuestionWording
from sessions.models import Cycle
from tests.cast import FamilyInTests
from tests.clips import filming

QUESTION = "What am I doing to help Rowan settle?"


@dataclass
class Review:
    """A shared review with three chosen moments of one film."""

    family: FamilyInTests
    by: User
    cycle: Cycle
    film: Recording
    clips: list[Clip]
    review: SharedReview

    def open(self, *, present: list[Any] | None = None) -> tuple[RoomLease, str]:
        """Open the room, past the page."""
        return reviews.open_room(
            by=self.by, review=self.review, present=present or [self.family.sam, self.family.rowan], confirmed=True
        )

    def room(self, *, present: list[Any] | None = None) -> Client:
        """A browser with an open room and no sign-in."""
        client = Client(headers={"X-Requested-With": "fetch"})
        client.cookies[leases.COOKIE] = self.open(present=present)[1]
        return client


def cut(clip: Clip) -> Clip:
    """Let a mark look as if it were cut."""
    clip.state, clip.file = Clip.State.READY, store.clip_name(clip.pk, clip.edges_version)
    clip.save()
    path = store.path(clip.recording_id, clip.file)
    store.write(path, b"film " * 1000)
    store.write(path.with_suffix(".jpg"), b"\xff\xd8\xff picture")
    return clip


def make_review(family: FamilyInTests, by: User, moments: int = 3) -> Review:
    question = HelpingQuestion.objects.create(case=family.case, whose=family.sam)
    wording = HelpingQuestionWording.objects.create(question=question, version=1, text=QUESTION, recorded_by=by)
    cycle = Cycle.objects.create(case=family.case, number=1, wording=wording)
    film = filming.pretend_ready(filming.make_recording(family, by, cycle=cycle), size=5000)
    review = SharedReview.objects.create(cycle=cycle)
    clips = []
    for number in range(moments):
        clip = cut(filming.mark(film, by, first=3 + 8 * number, last=9 + 8 * number, note="A note of the desk"))
        review.moments.create(clip=clip, position=number, why="A private reason")
        clips.append(clip)
    return Review(family, by, cycle, film, clips, review)
