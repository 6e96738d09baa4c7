"""How long a referral that was not taken on is kept: as the schedule says, then nothing of it is left."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from audit.actions import record as audit
from families import files
from families.models import RetentionRule
from families.retention.schedule import lines
from referrals.models import Referral

State = Referral.State
NOT_TAKEN_ON = (State.ADVISED, State.REDIRECTED, State.DECLINED, State.WITHDRAWN)
AT_ONCE = 500


def forget_not_taken_on() -> int:
    """Delete referrals that were not taken on once their time is over: answers, letters, files, earlier versions.

    What stays is the reference, so that it is never given again, and the audit's entry. Once a day, ``AT_ONCE`` at a
    time; how many there were.
    """
    today, rule = timezone.localdate(), lines()[RetentionRule.Key.REFERRAL]
    count = 0
    for referral in Referral.objects.filter(state__in=NOT_TAKEN_ON).order_by("state_since")[:AT_ONCE]:
        if rule.until(timezone.localdate(referral.state_since)) > today:
            break  # the rest was decided later
        with transaction.atomic():
            locked = Referral.objects.select_for_update().get(pk=referral.pk)
            if locked.state not in NOT_TAKEN_ON:
                continue
            stored = list(locked.attachments.values_list("stored", flat=True))
            audit(by=None, verb="referral.forgotten", subject=locked, state=locked.state)
            locked.delete()
            Referral.history.filter(id=referral.pk).delete()  # its last version was written by deleting it
        for each in stored:
            files.remove(each)
        count += 1
    return count
