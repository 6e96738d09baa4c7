"""When a family was last in touch, as far as the record itself knows: contacts in which somebody was reached."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet

from families.models import Contact
from families.registry import InTouch


def _reached() -> QuerySet[Contact]:
    return Contact.objects.standing().filter(case=OuterRef("pk"), person__isnull=False, outcome=Contact.Outcome.REACHED)


CONTACTS = InTouch(rows=_reached, at="at")
