"""Raising an alert, telling people of it, and answering it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.models import Team, User
from audit.actions import record as audit
from families.duty import banner
from families.duty.rota import managers_of, on_duty
from families.models.duty import Alert, AlertNotice
from outbox.actions import post

if TYPE_CHECKING:
    from families.models import Case

MESSAGE_KIND = "duty-alert"
Level = Alert.Level


@transaction.atomic
def alert(
    *,
    by: User | None,
    case: Case | None,
    kind: str,
    title: str,
    detail: str = "",
    subject: models.Model | None = None,
    team: Team | None = None,
    url: str = "",
) -> Alert:
    """Tell whoever is on duty that something has to be looked at today; in the caller's transaction.

    ``title`` and ``detail`` are read on the desk alone: what leaves the service says only that an alert waits. While an
    alert about the same ``subject`` is open, that one is returned. With nobody on duty the managers are told at once.
    ``team`` says whose duty it is when there is no case yet; ``url`` leads to where it is dealt with.
    """
    about = f"{subject._meta.label_lower}:{subject.pk}" if subject is not None else ""
    if about and (known := Alert.objects.open().filter(kind=kind, subject=about).first()):
        return known
    whose = team or (case.team if case else None)
    shift = on_duty(whose)
    raised = Alert(
        case=case,
        team=whose,
        kind=kind,
        title=title[:200],
        detail=detail,
        url=url,
        subject=about,
        raised_by=by,
        level=Level.DUTY if shift else Level.MANAGERS,
        nobody_on_duty=shift is None,
    )
    try:
        with transaction.atomic():
            raised.save()
    except IntegrityError:
        return Alert.objects.open().get(kind=kind, subject=about)  # somebody else raised it at this very moment
    record(by, "alert.raised", raised, nobody_on_duty=shift is None)
    if shift:
        tell(raised, [shift.person], Level.DUTY, phone=shift.phone)
    else:
        tell(raised, managers_of(whose), Level.MANAGERS)
    return raised


def tell(raised: Alert, people: Iterable[User], level: int, *, phone: str = "") -> list[AlertNotice]:
    """Tell people who have not been told; by e-mail, and by text to the telephone that they carry on duty."""
    known = set(raised.notices.values_list("user_id", flat=True))
    notices = []
    for person in people:
        if person.pk in known or not person.is_active:
            continue
        notice = AlertNotice.objects.create(alert=raised, user=person, level=level)
        notices.append(notice)
        for channel, to in (("email", person.email), ("sms", phone)):
            if to:
                post(
                    by=None,
                    kind=MESSAGE_KIND,
                    channel=channel,
                    to=to,
                    subject_id=notice.pk,
                    key=f"{MESSAGE_KIND}:{notice.pk}:{channel}",
                    case_id=raised.case_id or "",
                    family_id=raised.case.family_id if raised.case else "",
                )
        record(None, "alert.told", raised, person=str(person.pk), level=int(level))
    banner.forget_on_commit()
    return notices


@transaction.atomic
def acknowledge(*, by: User, alert: Alert, answer: str = "") -> Alert:
    """Somebody says that they have it: it climbs no further. Said once; raises ValidationError when it is answered."""
    found = Alert.objects.select_for_update(of=("self",)).select_related("case").get(pk=alert.pk)
    if found.acknowledged_at is not None:
        raise ValidationError("Somebody has answered this alert already.")
    found.acknowledged_at, found.acknowledged_by, found.answer = timezone.now(), by, answer.strip()
    found.save(update_fields=["acknowledged_at", "acknowledged_by", "answer"])
    record(by, "alert.acknowledged", found)
    banner.forget_on_commit()
    return found


def record(by: User | None, verb: str, raised: Alert, **detail: str | int | bool) -> None:
    audit(
        by=by,
        verb=verb,
        subject=raised,
        family_id=raised.case.family_id if raised.case else "",
        case_id=raised.case_id or "",
        kind=raised.kind,
        **detail,
    )
