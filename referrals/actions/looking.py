"""Looking at a referral: who looks at it, how soon, what is asked of its referrer and noted among ourselves."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Permission, User
from audit.actions import record as audit
from families.duty.alerts import alert, tell
from families.models import Alert, Restriction
from outbox.actions import post
from referrals import working_days
from referrals.eligibility import rules
from referrals.models import Event, Exchange, Referral

QUESTION = "referral-question"
KNOWN_ELSEWHERE = "referral-known"
State = Referral.State


def locked(referral: Referral, by: User) -> Referral:
    """The referral, held for this transaction. Raises ValidationError for whoever may not decide, and when it has its
    outcome: a referral goes one way only."""
    if not by.can(Permission.TRIAGE_REFERRALS):
        raise ValidationError("Whoever takes referrals in decides about them. Ask a manager.")
    found = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if not found.is_open:
        raise ValidationError(f"This referral has its outcome already: {found.get_state_display().lower()}.")
    return found


def enter(referral: Referral, state: str, *, by: User | None, public: str = "", inside: str = "") -> None:
    """Move a referral on and write down when; in the caller's transaction."""
    referral.state, referral.state_since = state, timezone.now()
    referral.save()
    Event.objects.create(
        referral=referral, state=state, at=referral.state_since, by=by, public_words=public, inside_words=inside
    )


@transaction.atomic
def take_on(*, by: User, referral: Referral) -> Referral:
    """Somebody begins to look at it. Taking over from a colleague is allowed, and written down."""
    found = locked(referral, by)
    if found.triager_id == by.pk and found.state != State.RECEIVED:
        return found
    found.triager = by
    if found.state == State.RECEIVED:
        enter(found, State.LOOKING, by=by)
    else:
        found.save()
    audit(by=by, verb="referral.taken-on", subject=found)
    return found


@transaction.atomic
def allocate(*, by: User, referrals: Iterable[UUID], to: User) -> int:
    """Give referrals to somebody who looks at them; how many. What has its outcome meanwhile is left out."""
    if not to.is_active or not to.can(Permission.TRIAGE_REFERRALS):
        raise ValidationError({"to": f"{to.name} does not take referrals in. Select somebody else."})
    chosen = Referral.objects.visible_to(by).undecided().select_for_update(of=("self",))
    count = 0
    for each in chosen.filter(pk__in=list(referrals)).order_by("pk"):
        if each.triager_id != to.pk:
            each.triager = to
            each.save()
            audit(by=by, verb="referral.allocated", subject=each, to=str(to.pk))
            count += 1
    return count


@transaction.atomic
def set_priority(*, by: User, referral: Referral, priority: str, reason: str = "", same_day: bool = False) -> Referral:
    """How soon it is to be decided, counted anew from the day it came. Raises ValidationError without a reason, and
    when what was said to be a danger is no longer to be looked at on the same day by a word alone."""
    found = locked(referral, by)
    if priority not in Referral.Priority.values:
        raise ValidationError({"priority": "Select how soon it is to be decided"})
    if not reason.strip():
        raise ValidationError({"reason": "Enter why"})
    found.priority = priority
    found.decide_by = working_days.after(timezone.localdate(found.received_at), rules().working_days(priority))
    if same_day != found.same_day:
        found.same_day, found.same_day_why = same_day, reason.strip()[:300]
    found.save()
    Exchange.objects.create(
        referral=found,
        direction=Exchange.Direction.INSIDE,
        by=by,
        text=f"{found.get_priority_display()}{', to be looked at today' if same_day else ''}: {reason.strip()}",
    )
    audit(by=by, verb="referral.priority", subject=found, priority=priority, same_day=same_day)
    return found


@transaction.atomic
def ask(*, by: User, referral: Referral, text: str) -> Exchange:
    """Ask the referrer something: they read it on their page, and an e-mail tells them that something is asked. Without
    a checked address somebody has to ring them; the question is kept all the same."""
    found = locked(referral, by)
    if not text.strip():
        raise ValidationError({"text": "Enter what you would like to know"})
    said = Exchange.objects.create(referral=found, direction=Exchange.Direction.TO_REFERRER, text=text.strip(), by=by)
    if found.state != State.ASKED:
        found.triager = found.triager or by
        enter(found, State.ASKED, by=by)
    if found.from_outside:
        post(by=by, kind=QUESTION, channel="email", to=found.referrer_email, subject_id=said.pk)
    audit(by=by, verb="referral.asked", subject=found)
    return said


@transaction.atomic
def note(*, by: User, referral: Referral, text: str, answered: bool = False) -> Exchange:
    """Write something down among ourselves. ``answered``: the referrer said it, on the telephone for example, and what
    waited for their answer goes on."""
    found = locked(referral, by)
    if not text.strip():
        raise ValidationError({"text": "Enter what you would like to keep"})
    said = Exchange.objects.create(referral=found, direction=Exchange.Direction.INSIDE, text=text.strip(), by=by)
    if answered and found.state == State.ASKED:
        enter(found, State.LOOKING, by=by)
    audit(by=by, verb="referral.noted", subject=found, answered=answered)
    return said


def read(*, by: User, referral: Referral) -> None:
    """What the referrer said has been read, by somebody who decides."""
    if by.can(Permission.TRIAGE_REFERRALS):
        now = timezone.now()
        waiting = referral.exchanges.filter(direction=Exchange.Direction.FROM_REFERRER, read_at__isnull=True)
        for each in waiting:
            each.read_at = now
            each.save(update_fields=["read_at"])


@transaction.atomic
def ask_the_lead(*, by: User, referral: Referral, kept_back: Iterable[UUID]) -> None:
    """Somebody in a referral is known in a record that ``by`` may not open. Whoever is on duty hears that the referral
    waits for the service lead, and so do those to whom the record is open and who take referrals in. Once a referral;
    what is said names no family and nobody in it."""
    raised = alert(
        by=by,
        case=None,
        kind=KNOWN_ELSEWHERE,
        title=f"Referral {referral.reference.text} needs the service lead",
        detail="Somebody in it is known in a record that is open to few. Look at it before it is decided.",
        subject=referral,
        team=referral.team,
        url=reverse("referrals:referral", args=[referral.pk]),
    )
    standing = Restriction.objects.standing().filter(family__in=list(kept_back))
    named = User.objects.filter(restrictions_named_in__in=standing, is_active=True).distinct()
    tell(raised, [person for person in named if person.can(Permission.TRIAGE_REFERRALS)], Alert.Level.MANAGERS)
