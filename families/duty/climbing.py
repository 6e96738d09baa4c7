"""An alert that nobody answers climbs: to the deputy, then to the managers. Run every minute by beat."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from families.duty.alerts import Level, record, tell
from families.duty.rota import managers_of, on_duty, rules
from families.models.duty import Alert, DutyRules


def climb(now: datetime | None = None) -> int:
    """Tell whoever has to be told by now; how many alerts moved. May run twice at once."""
    now = now or timezone.now()
    kept = rules()
    return sum(_climb_one(pk, kept, now) for pk in Alert.objects.open().values_list("pk", flat=True))


@transaction.atomic
def _climb_one(pk: uuid.UUID, kept: DutyRules, now: datetime) -> bool:
    raised = Alert.objects.open().select_for_update(of=("self",)).select_related("case", "team").filter(pk=pk).first()
    if raised is None:
        return False  # answered meanwhile
    waited = now - raised.raised_at
    shift = on_duty(raised.team, now)
    # Whoever came on duty since takes it over from whoever went.
    moved = bool(shift and tell(raised, [shift.person], Level.DUTY, phone=shift.phone))
    deputy = shift.deputy if shift and shift.deputy and shift.deputy.is_active else None
    if raised.level < Level.DEPUTY and waited >= timedelta(minutes=kept.deputy_after):
        if deputy:
            tell(raised, [deputy], Level.DEPUTY)
        moved = _reach(raised, Level.DEPUTY if deputy else Level.MANAGERS)  # without a deputy nobody waits for one
    if raised.level < Level.MANAGERS and waited >= timedelta(minutes=kept.managers_after):
        moved = _reach(raised, Level.MANAGERS)
    return moved


def _reach(raised: Alert, level: int) -> bool:
    raised.level = level
    raised.save(update_fields=["level"])
    record(None, "alert.climbed", raised, level=int(level))
    if level == Level.MANAGERS:
        tell(raised, managers_of(raised.team), Level.MANAGERS)
    return True
