"""How long records are kept, what holds them, and a manager's decision to delete."""

from __future__ import annotations

import uuid
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Permission, User
from audit.actions import record as audit
from families.models import Case, CopyOffer, Erasure, Family, LegalHold, RetentionRule, What
from families.retention import deleting, keeping
from families.retention.schedule import Key, lines

Answer, How = CopyOffer.Answer, CopyOffer.How


def _check_right(by: User) -> None:
    if not by.can(Permission.MANAGE_TEAM):
        raise ValidationError("A manager decides how long records are kept. Ask yours.")


def _audit(by: User, verb: str, subject: LegalHold | CopyOffer | Erasure, case: Case, **detail: str) -> None:
    audit(by=by, verb=verb, subject=subject, family_id=case.family_id, case_id=case.pk, **detail)


@transaction.atomic
def save_rule(*, by: User, rule: RetentionRule) -> RetentionRule:
    """Keep a line of the schedule as it was filled in. What is due by it is worked out in the night that follows."""
    rule.full_clean()
    rule.save()
    audit(by=by, verb="retention_rule.changed", subject=rule, key=rule.key, amount=rule.amount)
    return rule


# --- Holds --------------------------------------------------------------------------------------------------------


@transaction.atomic
def place_hold(*, by: User, case: Case, kind: str, reason: str, until: date | None = None) -> LegalHold:
    """Nothing of the family is deleted by schedule until that day is over, or until somebody lifts this.

    Raises ValidationError, keyed by argument.
    """
    _check_right(by)
    if not reason.strip():
        raise ValidationError({"reason": "Enter why it is kept"})
    if until is not None and until < timezone.localdate():
        raise ValidationError({"until": "The day must be today or in the future"})
    if kind == LegalHold.Kind.NEEDED and until is None:
        raise ValidationError({"until": "Enter until when: nothing is kept for good because it might be useful"})
    family = Family.objects.select_for_update().get(pk=case.family_id)  # the worker locks it before it begins
    if Erasure.objects.filter(family_id=family.pk, state__in=[Erasure.State.FILES, Erasure.State.ROWS]).exists():
        raise ValidationError("It is being deleted at this moment, on a manager’s decision: it is too late for a hold.")
    hold = LegalHold.objects.create(family=family, kind=kind, reason=reason.strip(), until=until, by=by)
    _audit(by, "hold.placed", hold, case, kind=kind)
    return hold


@transaction.atomic
def lift_hold(*, by: User, case: Case, hold: LegalHold, reason: str) -> LegalHold:
    """The schedule counts again."""
    _check_right(by)
    if not reason.strip():
        raise ValidationError({"reason": "Enter why it is not needed any more"})
    hold = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if hold.lifted_at is not None:
        raise ValidationError("This hold is lifted already.")
    hold.lifted_at, hold.lifted_by, hold.lifted_reason = timezone.now(), by, reason.strip()
    hold.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    _audit(by, "hold.lifted", hold, case, kind=hold.kind)
    return hold


# --- Copies for the family ----------------------------------------------------------------------------------------


@transaction.atomic
def offer_copies(*, by: User, case: Case, what: str, how: str, words: str = "", offered_on: date) -> CopyOffer:
    """The family was offered copies of what is to be deleted, or there is a reason why they cannot be.

    Raises ValidationError, keyed by argument.
    """
    _check_right(by)
    if offered_on > timezone.localdate():
        raise ValidationError({"offered_on": "The day must be today or in the past"})
    if said := keeping.why_no_offer(case, what):
        raise ValidationError(said)
    if how in CopyOffer.NOT_OFFERED and not words.strip():
        raise ValidationError({"words": "Enter what was tried, or who would be in danger"})
    before = keeping.offer_for(case, what)
    if before is not None and not before.is_over:
        raise ValidationError("An offer is waiting for its answer. Write the answer down first.")
    offer = CopyOffer.objects.create(
        case=case,
        what=what,
        how=how,
        words=words.strip(),
        offered_on=offered_on,
        answer_by=lines()[Key.ANSWER].until(offered_on),
        by=by,
    )
    _audit(by, "copies.offered" if offer.was_offered else "copies.not_offered", offer, case, what=what, how=how)
    return offer


@transaction.atomic
def answer_offer(*, by: User, case: Case, offer: CopyOffer, answer: str, words: str = "") -> CopyOffer:
    """What the family said. It may change: until anything is deleted, they may still want what they did not want."""
    _check_right(by)
    offer = CopyOffer.objects.select_for_update().get(pk=offer.pk)
    if not offer.was_offered:
        raise ValidationError("Nobody was asked.")
    if answer not in Answer.values:
        raise ValidationError({"answer": "Select what they said"})
    if offer.given_on is not None:
        raise ValidationError("They have had their copies already.")
    offer.answer, offer.answer_words = answer, words.strip()
    offer.answered_on, offer.answered_by = timezone.localdate(), by
    offer.save()
    _audit(by, "copies.answered", offer, case, answer=answer)
    return offer


@transaction.atomic
def give_copies(*, by: User, case: Case, offer: CopyOffer) -> CopyOffer:
    """The family has the copies that it wanted."""
    _check_right(by)
    offer = CopyOffer.objects.select_for_update().get(pk=offer.pk)
    if offer.answer != Answer.WANTED or offer.given_on is not None:
        raise ValidationError("There are no copies to give.")
    offer.given_on = timezone.localdate()
    offer.save(update_fields=["given_on"])
    _audit(by, "copies.given", offer, case)
    return offer


# --- Deleting -----------------------------------------------------------------------------------------------------


@transaction.atomic
def decide_to_delete(*, by: User, case: Case, what: str, reference: str) -> Erasure:
    """A manager has looked, nothing speaks against it, the family was asked: the worker deletes.

    ``reference``: the family's, typed once more. Raises ValidationError when anything speaks against it.
    """
    _check_right(by)
    if what not in What.values:
        raise ValidationError("That is nothing that the schedule ends.")
    if reference.strip().upper() != case.family.reference:
        raise ValidationError({"reference": f"Enter the reference as it stands above: {case.family.reference}"})
    found = keeping.reckoning(case, what)
    if (said := keeping.may_decide(case, what, by)) or found is None:
        raise ValidationError(said)
    cases = [case] if what == What.FILMS else list(case.family.cases.all())
    try:
        with transaction.atomic():
            erasure = Erasure.objects.create(
                what=what,
                family_id=case.family_id,
                case_ids=[str(each.pk) for each in cases],
                reference=case.family.reference,
                team=case.team,
                rule=found.line.rule.key,
                rule_words=found.line.words[:500],
                due_on=found.until,
                decided_by=by,
            )
    except IntegrityError as error:  # somebody else decided at this very moment
        raise ValidationError("It is being deleted already.") from error
    _audit(by, "record.erasure_decided", erasure, case, what=what)
    deleting.send(erasure)
    return erasure


@transaction.atomic
def try_again(*, by: User, erasure: Erasure) -> Erasure:
    """Go on with an erasure that could not be finished."""
    _check_right(by)
    erasure = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if erasure.state != Erasure.State.FAILED:
        raise ValidationError("This is being worked on, or is over.")
    if keeping.on_hold(erasure.family_id):
        raise ValidationError("The record is on hold now. It can go on when the hold is lifted.")
    erasure.state, erasure.tries, erasure.problem = Erasure.State.FILES, 0, ""
    erasure.attempt, erasure.worked_at = uuid.uuid4(), timezone.now()
    erasure.save()
    audit(by=by, verb="record.erasure_resumed", subject=erasure, family_id=erasure.family_id)
    deleting.send(erasure)
    return erasure
