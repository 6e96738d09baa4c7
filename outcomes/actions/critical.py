"""Critical answers: raised the moment they are given, acted on by somebody who says what was done."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families import duty
from families.models import Alert, Case, Person
from outcomes.models import Asking, CriticalAnswer, MeasureVersion, Score
from outcomes.scoring import Answers, critical_answers

ALERT = "critical-answer"


def raise_critical(
    *,
    by: User | None,
    case: Case,
    version: MeasureVersion,
    answers: Answers,
    person: Person | None,
    score: Score | None = None,
    asking: Asking | None = None,
) -> list[CriticalAnswer]:
    """Open a same-day matter for every critical answer among these; inside the caller's transaction.

    What was raised while the questionnaire was still being answered is not raised again when it is sent: it is tied
    to the score then.
    """
    raised = []
    for critical, value in critical_answers(version.definition, answers):
        known = None
        if asking is not None:
            known = CriticalAnswer.objects.filter(asking=asking, item=critical.item).first()
        if known is not None:
            known.score = score or known.score
            known.value = max(known.value, value)
            known.save(update_fields=["score", "value"])
            continue
        answer = CriticalAnswer.objects.create(
            case=case, version=version, person=person, score=score, asking=asking, item=critical.item, value=value
        )
        audit(
            by=by,
            verb="critical-answer.raised",
            subject=answer,
            family_id=case.family_id,
            case_id=case.pk,
            measure=str(version.measure_id),
            item=critical.item,
        )
        duty.alert(
            by=by,
            case=case,
            kind=ALERT,
            title=f"A critical answer to {version}, question {critical.item}",
            detail=critical.text,
            subject=answer,
            url=reverse("outcomes:critical", kwargs={"case": case.pk, "answer": answer.pk}),
        )
        raised.append(answer)
    return raised


@transaction.atomic
def act_on(*, by: User, answer: CriticalAnswer, acted: str) -> CriticalAnswer:
    """Say what was done about a critical answer; that ends its banner and its task. Said once, never rewritten."""
    if not acted.strip():
        raise ValidationError({"acted": "Enter what was done"})
    locked = CriticalAnswer.objects.select_for_update().select_related("case").get(pk=answer.pk)
    if locked.acted_at is not None:
        raise ValidationError("What was done about this answer is already written down.")
    locked.acted, locked.acted_at, locked.acted_by = acted.strip(), timezone.now(), by
    locked.save(update_fields=["acted", "acted_at", "acted_by"])
    for waiting in Alert.objects.open().filter(kind=ALERT, subject=f"{locked._meta.label_lower}:{locked.pk}"):
        duty.acknowledge(by=by, alert=waiting, answer="What was done is written with the answer.")
    audit(
        by=by,
        verb="critical-answer.acted-on",
        subject=locked,
        family_id=locked.case.family_id,
        case_id=locked.case_id,
    )
    return locked
