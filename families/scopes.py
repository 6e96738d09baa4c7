"""Which families' events a manager reads in the audit log, and what a reference typed there means."""

from __future__ import annotations

from accounts.models import User
from families.models import Case, Family
from families.references import as_reference


def families_managed_by(user: User) -> set[str]:
    """Ids of the families with a case in a team that this person manages, restricted ones that do not name them
    left out."""
    cases = Case.objects.visible_to(user).filter(team__in=user.teams_managed.all())
    return {str(pk) for pk in cases.values_list("family", flat=True)}


def families_of_reference(text: str) -> set[str]:
    """The id of the family whose reference was typed; nothing when it is none."""
    reference = as_reference(text)
    return (
        {str(pk) for pk in Family.objects.filter(reference=reference).values_list("pk", flat=True)}
        if reference
        else set()
    )
