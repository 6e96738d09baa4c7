"""What people are told before they decide: plain words, one text for each purpose, kept by version.

Version 1 is ours. A service that changes a text adds a version; decisions keep the version that they were
made under.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from families.models import ConsentLength, ConsentWording

Purpose = ConsentWording.Purpose

# The heading over each text when a family reads it.
TITLES: dict[str, str] = {
    Purpose.FILM: "Making short films",
    Purpose.SHARED_REVIEW: "Watching the films together",
    Purpose.SUPERVISION: "Supervision of your practitioner’s work",
    Purpose.INTERVISION: "Colleagues learning together",
    Purpose.TRAINING: "Training other people",
    Purpose.RESEARCH: "Research",
    Purpose.COPY: "A copy for you",
}

FIRST_TEXTS: dict[str, str] = {
    Purpose.FILM: (
        "We would like to make short films, of a few minutes, of you and your baby being together. Your "
        "practitioner looks at them closely to find the moments that go well. The films are kept safely in this "
        "service, and only the people who work with you can see them. You can ask us to stop filming at any "
        "time. You can change your mind at any time, and nobody will be able to watch the films from that "
        "moment. Saying no does not change the help that you get."
    ),
    Purpose.SHARED_REVIEW: (
        "We would like to show the moments that we chose from the film in the shared review, where you and your "
        "practitioner watch them together and talk about what you notice. Whoever else is in the room sees them "
        "too, and your practitioner will tell you who that is before the first moment is shown. You can stop at "
        "any time, leave a moment out, or go on another day."
    ),
    Purpose.SUPERVISION: (
        "The shared review itself may be filmed, so that your practitioner can look back at their own work with "
        "their supervisor. The supervisor is named to you, works under the same rules of confidence, and looks "
        "at how the practitioner works, not at you. You can say yes to this or no to it and still be part of "
        "everything else."
    ),
    Purpose.INTERVISION: (
        "Your practitioner may show short parts of the films to a small group of colleagues in this service who "
        "learn together. They work under the same rules of confidence. You can say no to this and still be part "
        "of everything else."
    ),
    Purpose.TRAINING: (
        "Short parts of the films may be shown to people who are learning this way of working, outside this "
        "service as well. They will see your faces, and they may hear your first names if these are said in the "
        "film. We ask you again before each new kind of use. You can say no to this and still be part of "
        "everything else."
    ),
    Purpose.RESEARCH: (
        "The films may be used in research about how babies and the people who care for them get along. A "
        "researcher would explain their own study to you and ask you again. You can say no to this and still be "
        "part of everything else."
    ),
    Purpose.COPY: (
        "You can have a copy of moments or pictures from the films to keep. Everyone who can be seen in them has "
        "to agree. Once a copy is yours, this service cannot take it back or say who sees it, so please think "
        "about where you keep it."
    ),
}


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def usual_end(purpose: str, given_on: date) -> date | None:
    """The last day of an agreement given on a day, when the service has set that agreements of this kind end."""
    length = ConsentLength.objects.filter(purpose=purpose).first()
    return None if length is None or length.months is None else add_months(given_on, length.months)


def current(purpose: str) -> ConsentWording:
    """The wording in force for a purpose; our first text when the database holds none yet."""
    found = ConsentWording.objects.filter(purpose=purpose).order_by("-version").first()
    if found is not None:
        return found
    wording, _ = ConsentWording.objects.get_or_create(
        purpose=purpose, version=1, defaults={"text": FIRST_TEXTS[purpose]}
    )
    return wording


def all_current(purposes: Iterable[str] = Purpose.values) -> dict[str, ConsentWording]:
    """The wording in force for each purpose, in one query when all are there."""
    found: dict[str, ConsentWording] = {}
    wanted = list(purposes)
    for wording in ConsentWording.objects.filter(purpose__in=wanted).order_by("version"):
        found[wording.purpose] = wording
    return {purpose: found.get(purpose) or current(purpose) for purpose in wanted}
