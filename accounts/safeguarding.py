"""The named safeguarding lead of the service, and the deputy: who they are, and naming them.

To be named gives nobody a look at any record: it lets them keep a film as evidence and look at what is kept
(``clips.evidence``), and tells everybody whom to ask.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Permission, Safeguarding, User
from accounts.roles import PERMISSIONS
from audit.actions import record

MAY_BE_NAMED = [role for role, rights in PERMISSIONS.items() if Permission.SEE_CASES in rights]
"""Whose work is with families: an administrator sees nothing of any family, and is not named."""


@dataclass(frozen=True)
class Leads:
    """Whoever is named and still works here, the lead first."""

    people: tuple[User, ...] = ()

    def __contains__(self, user: User) -> bool:
        return user.is_active and any(each.pk == user.pk for each in self.people)

    def __bool__(self) -> bool:
        return bool(self.people)

    @property
    def names(self) -> str:
        """ "Sue Supervisor or Carol Manager"; empty when nobody is named."""
        return " or ".join(each.name for each in self.people)


def named() -> Safeguarding | None:
    """What was written down last, whether those people still work here or not."""
    return Safeguarding.objects.select_related("lead", "deputy", "named_by").filter(pk=1).first()


def leads() -> Leads:
    """Who is safeguarding lead, and deputy, at this moment; one query."""
    row = named()
    people = (row.lead, row.deputy) if row else ()
    return Leads(tuple(each for each in people if each is not None and _still(each)))


def _still(user: User) -> bool:
    return user.is_active and user.role in MAY_BE_NAMED


@transaction.atomic
def name_leads(*, by: User, lead: User, deputy: User | None) -> Safeguarding:
    """Name the safeguarding lead and, if there is one, the deputy. Raises ValidationError."""
    if deputy is not None and deputy.pk == lead.pk:
        raise ValidationError({"deputy": "The deputy must be somebody else"})
    for field, person in (("lead", lead), ("deputy", deputy)):
        if person is not None and not _still(person):
            raise ValidationError({field: f"{person.name} does not work with families here"})
    facts = {"lead": lead, "deputy": deputy, "named_at": timezone.now(), "named_by": by}
    row, _ = Safeguarding.objects.update_or_create(pk=1, defaults=facts)
    record(
        by=by, verb="safeguarding-lead.named", subject=row, lead=str(lead.pk), deputy=str(deputy.pk) if deputy else ""
    )
    return row
