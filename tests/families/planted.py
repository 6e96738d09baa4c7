"""A protected person, and everything that would tell where she is written in every place that the record has for it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from families import actions
from families.models import Address, Contact, Document, Professional
from sessions.models import Attendance, VigSession
from tests.world import World

PHONE, OTHER_PHONE = "+447700900456", "+447700900457"
TELLING = (
    "07700 900456",
    "07700900456",
    PHONE,
    "07700 900457",
    "07700900457",
    OTHER_PHONE,
    "07700 900999",
    "+447700900999",
    "nan@example.org",
    "7 Quiet Lane",
    "SW1A 1AA",
    "SW1A1AA",
    "when he is out",
    "the dentist calling",
    "Willow Refuge",
)


def plant(world: World, *, typed: bool = True) -> VigSession:
    """Nan is protected from everybody. Where she is stands in columns of its own, and ``typed`` also in words that
    somebody wrote: a goal, a question, a next step. Returns the session that she is expected at."""
    family, asha = world.family, world.cast.asha
    nan, case = family.nan, family.case
    nan.phone, nan.other_phone, nan.email = PHONE, OTHER_PHONE, "nan@example.org"
    nan.safe_times, nan.discreet_words = "mornings, when he is out", "Say it is the dentist calling"
    nan.save()
    Address.objects.create(person=nan, lines="7 Quiet Lane\nElsewhere", postcode="SW1A 1AA")
    refuge = {"role": "other", "role_word": "Key worker", "organisation": "Willow Refuge", "phone": "+447700900999"}
    Professional.objects.create(family=family.family, about=nan, **refuge)
    soon = timezone.now() + timedelta(hours=20)
    session = VigSession.objects.create(
        case=case, kind="engagement", place="other", place_detail="Willow Refuge", starts_at=soon, practitioner=asha
    )
    Attendance.objects.create(session=session, person=nan)
    if typed:
        _type(world)
    actions.protect(by=asha, case=case, person=nan, reason="He must not find her.")
    return session


def _type(world: World) -> None:
    nan, case, asha = world.family.nan, world.family.case, world.cast.asha
    note = "Sent to 7 Quiet Lane, SW1A 1AA."
    Contact.objects.create(case=case, person=nan, kind="letter", note=note, logged_by=asha)
    Contact.objects.create(case=case, other_party="Key worker, Willow Refuge", kind="call", logged_by=asha)
    Document.objects.filter(pk=world.writing.document.pk).update(person=nan, title="To 7 Quiet Lane")
    world.goal.whose = None
    world.goal.save()
    world.goal.wordings.create(version=2, text="Calm mornings at 7 Quiet Lane", reason="r", recorded_by=asha)
    world.wording.text = "How do I settle him at 7 Quiet Lane?"
    world.wording.save()
    world.review.new_ideas, world.review.next_step = "Try it at Willow Refuge", "Ring 07700 900456"
    world.review.save()
    world.words.text = "He slept at 7 Quiet Lane."
    world.words.save()


def told(page: bytes | str) -> list[str]:
    """What a page tells of it."""
    text = page.decode(errors="replace") if isinstance(page, bytes) else page
    return [word for word in TELLING if word in text]
