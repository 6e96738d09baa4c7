"""Changing what families are told before they decide, and for how long a decision usually holds."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from audit.actions import record as audit
from families import wordings
from families.models import ConsentLength, ConsentWording

SHORTEST, LONGEST = 40, 4000  # letters
MOST_MONTHS = 120


@transaction.atomic
def reword(*, by: User, purpose: str, text: str, read: int) -> ConsentWording:
    """A new version of the text for a purpose; the old ones stay, with what was decided under them.

    ``read`` is the version that the writer had before them. Raises ValidationError, also when somebody else has
    written another one since.
    """
    text = text.strip()
    if purpose not in ConsentWording.Purpose.values:
        raise ValidationError({"purpose": "Select what the text is about"})
    now = wordings.current(purpose)
    if now.version != read:
        raise ValidationError(
            {"text": f"Version {now.version} has been written meanwhile. Read it below before you save yours."}
        )
    if text == now.text.strip():
        return now
    if not SHORTEST <= len(text) <= LONGEST:
        raise ValidationError({"text": f"The text must have {SHORTEST} to {LONGEST} letters"})
    highest = ConsentWording.objects.filter(purpose=purpose).aggregate(Max("version"))["version__max"] or 0
    wording = ConsentWording.objects.create(purpose=purpose, version=highest + 1, text=text, created_by=by)
    audit(by=by, verb="wording.changed", subject=wording, purpose=purpose, version=wording.version)
    return wording


@transaction.atomic
def set_length(*, by: User, purpose: str, months: int | None) -> ConsentLength:
    """For how many months an agreement to a purpose holds from now on; None: until it is taken back.

    Agreements that stand keep the end that they have. Raises ValidationError.
    """
    if months is not None and not 1 <= months <= MOST_MONTHS:
        raise ValidationError({"months": f"The number of months must be between 1 and {MOST_MONTHS}"})
    length, _ = ConsentLength.objects.get_or_create(purpose=purpose)
    if length.months != months:
        length.months = months
        length.save(update_fields=["months"])
        audit(by=by, verb="consent-length.changed", subject=length, purpose=purpose, months=months)
    return length
