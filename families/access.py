"""Who may open a record and why, and who did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q

from accounts.models import Permission, Role, User
from accounts.roles import PERMISSIONS
from audit.models import AuditEvent
from families.models import BreakGlass, Case, Restriction

# What counts as a look at a record: a page, a film, a clip, a file or an export of it.
LOOKS = (".opened", ".played", ".seen", ".viewed", ".read", ".downloaded", ".exported")


@dataclass(frozen=True)
class Reader:
    """Somebody who may open the record, and what lets them."""

    user: User
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        return ", ".join(self.reasons)


@dataclass(frozen=True)
class Looker:
    """Somebody who looked at the record."""

    name: str
    user_id: str
    looks: int
    films: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class _Ties:
    """What binds people to one case."""

    case: Case
    named: frozenset[int]
    joined: frozenset[int]
    managing: frozenset[int]

    def reasons(self, user: User) -> Iterator[str]:
        case = self.case
        if user.pk in self.named:
            yield "named in the restriction"
        if user.pk == case.lead_id:
            yield "leads the work"
        if user.pk in self.joined:
            yield "works with the family"
        if user.role == Role.MANAGER and (user.pk in self.managing or user.team_id == case.team_id):
            yield "manages the team"
        elif user.role not in {Role.TRAINEE, Role.INTAKE} and user.team_id == case.team_id:
            yield "in the same team"
        if case.lead is not None and case.lead.supervisor_id == user.pk and user.can(Permission.SUPERVISE):
            yield f"supervises {case.lead.name}"
        if user.can(Permission.SEE_ALL_CASES):
            yield "takes in referrals for every team"


def who_may_open(case: Case) -> list[Reader]:
    """Everybody who may open the case at this moment by role or restriction, by name.

    The rule itself is ``Case.objects.visible_to``; this says it in words, and a test holds the two together.
    """
    restriction = Restriction.objects.standing().filter(family=case.family_id).first()
    ties = _Ties(
        case,
        named=frozenset(restriction.named.values_list("pk", flat=True)) if restriction else frozenset(),
        joined=frozenset(case.co_workers.values_list("pk", flat=True)),
        managing=frozenset(case.team.managers.values_list("pk", flat=True)),
    )
    roles = [role for role, rights in PERMISSIONS.items() if Permission.SEE_CASES in rights]
    found = []
    for user in User.objects.filter(is_active=True, role__in=roles).order_by("name"):
        reasons = tuple(ties.reasons(user))
        if reasons and (restriction is None or user.pk in ties.named):
            found.append(Reader(user, reasons))
    return found


def open_by_glass(case: Case) -> list[BreakGlass]:
    """What is open at this moment for a written reason."""
    return list(BreakGlass.objects.filter(case=case).standing().select_related("user"))


def who_looked(case: Case) -> list[Looker]:
    """Everybody who looked at the family's record, the latest first: counted from the audit trail."""
    look = Q()
    for ending in LOOKS:
        look |= Q(verb__endswith=ending)
    rows = (
        AuditEvent.objects.of_family(case.family_id)
        .filter(look)
        .exclude(actor_id="")
        .values("actor_id")
        .annotate(
            looks=Count("id"),
            films=Count(
                "id",
                filter=Q(verb__startswith="film.") | Q(verb__startswith="clip.") | Q(verb="evidence.played"),
            ),
            first=Min("at"),
            last=Max("at"),
        )
        .order_by("-last")
    )
    found = list(rows)
    known = User.objects.in_bulk([int(row["actor_id"]) for row in found if row["actor_id"].isdigit()])
    return [
        Looker(
            name=known[int(row["actor_id"])].name
            if row["actor_id"].isdigit() and int(row["actor_id"]) in known
            else "",
            user_id=row["actor_id"],
            looks=row["looks"],
            films=row["films"],
            first=row["first"],
            last=row["last"],
        )
        for row in found
    ]
