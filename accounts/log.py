"""The audit log as people read it: who may see which events, filters, names put to ids at the last moment."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from accounts.models import Role, User
from accounts.registry import audit_scopes
from audit.models import AuditEvent, AuditEventQuerySet

PAGE = 50
VERBS_KEPT = 300  # seconds that the list of verbs is remembered: finding them reads the whole index


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    id: int
    at: datetime.datetime
    actor: str
    role: str
    verb: str
    subject: str
    family_id: str
    case_id: str
    detail: str
    sealed: bool


@dataclass(frozen=True)
class Log:
    """One page of it; ``older`` is the id to go on before, or None."""

    entries: list[Entry]
    older: int | None


def visible(user: User) -> AuditEventQuerySet:
    """Administrators read all of it, which holds ids and no names of families; managers what concerns their teams."""
    events = AuditEvent.objects.all()
    if user.role == Role.ADMINISTRATOR:
        return events
    families = {family for scope in audit_scopes() for family in scope.families(user)}
    members = [str(pk) for pk in User.objects.filter(team__in=user.teams_managed.all()).values_list("pk", flat=True)]
    # A member's sign-ins and account are about no family; what a member did for another team's family is not theirs.
    own = Q(family_id="") & (Q(actor_id__in=[*members, str(user.pk)]) | Q(_about(members)))
    return events.filter(Q(family_id__in=families) | own)


def _about(members: Iterable[str]) -> Q:
    return Q(subject_type="accounts.user", subject_id__in=list(members))


def read(
    user: User,
    *,
    person: User | None = None,
    reference: str = "",
    verb: str = "",
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    before: int | None = None,
) -> Log:
    """The newest events that this person may read and the filters leave, ``PAGE`` of them, before the id given."""
    events = visible(user)
    if person is not None:
        events = events.filter(Q(actor_id=str(person.pk)) | _about([str(person.pk)]))
    if reference:
        meant = {family for scope in audit_scopes() for family in scope.find(reference)}
        events = events.filter(
            Q(family_id__in=meant) | Q(family_id=reference) | Q(case_id=reference) | Q(subject_id=reference)
        )
    if verb:
        events = events.filter(verb=verb)
    if since:
        events = events.filter(at__gte=_start(since))
    if until:
        events = events.filter(at__lt=_start(until + datetime.timedelta(days=1)))
    if before:
        events = events.filter(id__lt=before)
    rows = list(events.order_by("-id")[: PAGE + 1])
    page = rows[:PAGE]
    names = _names(page)
    return Log([_entry(row, names) for row in page], page[-1].pk if len(rows) > PAGE else None)


def _start(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _names(rows: list[AuditEvent]) -> dict[str, str]:
    """The names of those who did and those it was done to, in one question to the database."""
    ids = {row.actor_id for row in rows} | {row.subject_id for row in rows if row.subject_type == "accounts.user"}
    known = User.objects.in_bulk([int(one) for one in ids if one.isdigit()])
    return {str(pk): user.name for pk, user in known.items()}


def _entry(row: AuditEvent, names: dict[str, str]) -> Entry:
    if row.subject_type == "accounts.user":
        subject = names.get(row.subject_id, "an unknown account" if row.subject_id == "unknown" else row.subject_id)
    else:
        subject = f"{row.subject_type.rpartition('.')[2]} {row.subject_id}"
    return Entry(
        id=row.pk,
        at=row.at,
        actor=names.get(row.actor_id, f"account {row.actor_id}" if row.actor_id else "nobody signed in"),
        role=dict(Role.choices).get(row.actor_role, ""),
        verb=in_words(row.verb),
        subject=subject,
        family_id=row.family_id,
        case_id=row.case_id,
        detail=", ".join(
            f"{name.replace('_', ' ')}: {_plain(value)}"
            for name, value in sorted(row.detail.items())
            if value not in ("", None)
        ),
        sealed=row.sequence is not None,
    )


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " and ".join(str(one) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def in_words(verb: str) -> str:
    """ "sign-in.failed" as it reads: "sign-in failed"."""
    return verb.replace(".", " ")


def verbs() -> list[str]:
    """Every verb that occurs, for the filter."""
    known: list[str] | None = cache.get("accounts.log.verbs")
    if known is None:
        known = list(AuditEvent.objects.order_by("verb").values_list("verb", flat=True).distinct())
        cache.set("accounts.log.verbs", known, VERBS_KEPT)
    return known


def readers_people(user: User) -> Any:
    """Whom the filter offers: everybody for an administrator, the team's people for a manager."""
    if user.role == Role.ADMINISTRATOR:
        return User.objects.all()
    return User.objects.filter(Q(team__in=user.teams_managed.all()) | Q(pk=user.pk)).distinct()
