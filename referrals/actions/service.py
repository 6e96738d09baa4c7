"""What a service changes in its own words and rules. A text is never changed, only followed by another version."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families.actions import log_consultation
from referrals.models import AdviceCall, GuideText, IntakeRules, ServiceArea


@transaction.atomic
def save_row(*, by: User, row: models.Model) -> models.Model:
    """Keep a line of a list, as it was filled in."""
    new = row.pk is None
    row.full_clean()
    row.save()
    noun = row._meta.model_name
    audit(by=by, verb=f"{noun}.added" if new else f"{noun}.changed", subject=row)
    return row


@transaction.atomic
def save_rules(*, by: User, rules: IntakeRules) -> IntakeRules:
    """Keep the rules. Those that contradict one another are refused."""
    rules.full_clean()
    rules.save()
    audit(by=by, verb="intake-rules.changed", subject=rules)
    return rules


@transaction.atomic
def save_area(*, by: User, outcodes: Sequence[str]) -> None:
    """Where the service works: exactly these first halves of postcodes; none is everywhere."""
    ServiceArea.objects.exclude(outcode__in=outcodes).delete()
    known = set(ServiceArea.objects.values_list("outcode", flat=True))
    for outcode in outcodes:
        if outcode not in known:
            ServiceArea.objects.create(outcode=outcode)
    audit(by=by, verb="area.changed", subject=("referrals.servicearea", ""), count=len(outcodes))


@transaction.atomic
def save_text(*, by: User, key: str, text: str, read: int) -> GuideText:
    """A new version of a text. Raises ValidationError when ``read``, the version that was changed, is not the last."""
    last = GuideText.objects.select_for_update().filter(key=key).first()
    if last is not None and last.text == text:
        return last
    if last is not None and last.version != read:
        raise ValidationError({"text": "Somebody saved another version meanwhile. Compare the two, and save again."})
    made = GuideText.objects.create(key=key, version=last.version + 1 if last else 1, text=text, created_by=by)
    audit(by=by, verb="text.changed", subject=made, version=made.version)
    return made


@transaction.atomic
def answer_call(
    *, by: User, call: AdviceCall, outcome: str, minutes: int | None = None, topic: str = "", advice: str = ""
) -> AdviceCall:
    """Somebody was rung back. With ``minutes`` advice to a professional is counted as a consultation.

    Raises ValidationError when it was answered already.
    """
    found = AdviceCall.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if found.answered_at is not None:
        raise ValidationError("Somebody has answered this already.")
    if minutes and found.asker != "family":
        found.consultation = log_consultation(
            by=by,
            asked_by=found.asker,
            organisation=found.organisation,
            on=timezone.localdate(),
            minutes=minutes,
            topic=topic,
            advice=advice,
        )
    found.answered_at, found.answered_by, found.outcome = timezone.now(), by, outcome
    found.save(update_fields=["answered_at", "answered_by", "outcome", "consultation"])
    audit(by=by, verb="call.answered", subject=found)
    return found
