"""Referrals of the demonstration, one in every state, a meeting that decided some, and calls to make."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Team, User
from desk.demo.builder import at, day
from families import actions as record
from referrals import actions
from referrals.models import (
    AdviceCall,
    Decision,
    DeclineReason,
    Door,
    Draft,
    Event,
    Exchange,
    Reason,
    Referral,
    Signpost,
)
from referrals.questions import step_of
from referrals.questions.steps import DECLARATION

Posted = dict[str, list[str]]


def _day(name: str, days: int) -> Posted:
    when = day(days)
    return {f"{name}_day": [str(when.day)], f"{name}_month": [str(when.month)], f"{name}_year": [str(when.year)]}


def _born(days_ago: int, first_name: str = "") -> Posted:
    return {"born": ["born"], **_day("born_on", -days_ago), "first_name": [first_name], "last_name": ["Made-up"]}


def _unborn(days: int) -> Posted:
    return {"born": ["unborn"], **_day("expected_on", days)}


def _write(babies: list[Posted], who: str, observed: str, hopes: str, *, danger: bool = False) -> Referral:
    """A professional's referral, through the pages of the form."""
    draft = actions.begin(by=None, door=Door.PROFESSIONAL, secret=f"demonstration {who}")
    reason = Reason.objects.filter(active=True)[len(who) % 5]
    start = {key: values for key, values in babies[0].items() if not key.endswith("_name")}
    pages: list[tuple[str, int, dict[str, Any]]] = [
        ("start", 1, {**start, "postcode": ["BD5"], "need": ["yes"]}),
        (
            "agreement",
            1,
            {"agreed": ["yes"], "who": ["Whoever looks after the baby"], **_day("agreed_on", -2), "how": ["met"]},
        ),
        ("emergency", 1, {"understood": ["on"]}),
        (
            "you",
            1,
            {
                "name": ["Hanna Made-up"],
                "role": ["Health visitor"],
                "organisation": ["Made-up Community Trust"],
                "source": ["A2"],
                "phone": ["01632 960 210"],
            },
        ),
        *(("babies", number, baby) for number, baby in enumerate(babies, start=1)),
        (
            "caregivers",
            1,
            {
                "first_name": [who],
                "last_name": ["Made-up"],
                "relationship": ["birth_parent"],
                "parental_responsibility": ["yes"],
                "lives_with_baby": ["yes"],
            },
        ),
        ("reaching", 1, {"phone": ["07700 900 330"], "safe_ways": ["call", "text"], "postcode": ["BD5 0NA"]}),
        ("needs", 1, {"language": ["English"], "needs": ["none"]}),
        ("reasons", 1, {"reasons": [str(reason.pk)], "observed": [observed]}),
        ("hopes", 1, {"hopes": [hopes], "wish": ["vig"]}),
        ("background", 1, {}),
        ("social-care", 1, {"status": ["none"]}),
        (
            "risk",
            1,
            {
                "immediate": ["yes" if danger else "no"],
                **{name: ["no"] for name in ("to_self", "to_others", "to_baby", "to_visitors")},
                "what": ["Her former partner has found out where she lives."] if danger else [""],
            },
        ),
        ("place", 1, {"places": ["home"], "tell_family": ["no"]}),
    ]
    for key, item, posted in pages:
        step = step_of(key, draft.door)
        if step is None:
            raise ValueError(key)
        actions.keep(draft=draft, step=step, item=item, posted=posted)
    for key in ("babies", "caregivers", "children", "professionals", "files"):
        actions.go_on(draft=draft, key=key)
    actions.keep(draft=draft, step=DECLARATION, item=1, posted={"true": ["on"], "privacy": ["on"]})
    return actions.send(draft=Draft.objects.get(pk=draft.pk))


def _since(referral: Referral, days: int) -> Referral:
    """Set a referral back in time, with its first event."""
    moment = at(-days, 11)
    referral.received_at = referral.created_at = referral.state_since = moment
    referral.decide_by = referral.decide_by - timedelta(days=days)
    referral.save()
    referral.events.update(at=moment)
    return referral


def _decided(intake: User, team: Team) -> None:
    """Four that a meeting decided, one of whom waits now for somebody to work with them."""
    taken = _since(_write([_born(70, "Bryony")], "Maple", "He hums to her.", "To know when she has had enough."), 11)
    advised = _since(_write([_born(30, "Teal")], "Larch", "They look at one another.", "Somebody to ask."), 10)
    passed = _since(_write([_born(300, "Wren")], "Olive", "She reads to him.", "Help with his sleep."), 9)
    declined = _since(_write([_unborn(120)], "Alder", "She asks many questions.", "A place to talk."), 9)
    agenda = [taken, advised, passed, declined]
    meeting = actions.begin_meeting(
        by=intake, referrals=[each.pk for each in agenda], present=[intake], others="A made-up perinatal nurse"
    )
    case = actions.accept(
        by=intake, referral=taken, team=team, reason="They fit, and are keen.", to_referrer="We will work with them."
    )
    record.keep_unavailability(
        by=intake, case=case, from_on=day(-3), until_on=day(6), reason="away", note="Back on the Monday after"
    )
    for referral, outcome, reason, words, more in (
        (
            advised,
            Decision.Outcome.ADVISED,
            "What they have is already good.",
            "Please tell them what you saw: it is worth hearing. Come back to us whenever you like.",
            {},
        ),
        (
            passed,
            Decision.Outcome.REDIRECTED,
            "It is about sleep alone.",
            "We have passed this on, with what you wrote.",
            {"passed_to": Signpost.objects.filter(active=True).first()},
        ),
        (
            declined,
            Decision.Outcome.DECLINED,
            "They live outside our area.",
            "We are sorry that we cannot work with them.",
            {"decline_reason": DeclineReason.objects.filter(active=True).first()},
        ),
    ):
        actions.decide(by=intake, referral=referral, outcome=outcome, reason=reason, to_referrer=words, **more)
    actions.end_meeting(by=intake, meeting=meeting)


def make_referrals(intake: User, team: Team) -> None:
    """Received, with twins; in danger; being looked at; asked about; taken back; decided in every way; keyed in and
    unfinished."""
    _decided(intake, team)
    twins = [_unborn(90), _unborn(90)]
    _since(_write(twins, "Juniper", "She speaks to the twins every evening.", "To be ready for two."), 1)
    _write([_born(50, "Clover")], "Hazel", "Clover turns to her voice.", "That we feel safe together.", danger=True)
    looking = _since(_write([_born(80, "Bracken")], "Rowan", "He waits for the baby.", "To read his signs."), 4)
    looking.state, looking.triager, looking.state_since = Referral.State.LOOKING, intake, at(-3)
    looking.save()
    Event.objects.create(referral=looking, state=looking.state, at=at(-3), by=intake)
    asked = _since(_write([_born(120, "Sorrel")], "Linden", "Sorrel cries a lot.", "Calmer evenings."), 6)
    asked.state, asked.state_since = Referral.State.ASKED, at(-2)
    asked.save()
    Event.objects.create(referral=asked, state=asked.state, at=at(-2), by=intake)
    Exchange.objects.create(
        referral=asked,
        direction=Exchange.Direction.TO_REFERRER,
        text="Is anybody else looking after Sorrel in the evenings?",
        at=at(-2),
        by=intake,
    )
    back = _since(_write([_born(200, "Fern")], "Aspen", "They play on the floor.", "Some time to think."), 8)
    actions.withdraw(referral=back, reason="The family have moved away.")
    draft = actions.begin(by=intake, door=Door.STAFF)
    step = step_of("you", draft.door)
    if step is not None:
        rang = {"channel": ["telephone"], "name": ["Dr Made-up"], **_day("received_on", 0)}
        actions.keep(draft=draft, step=step, item=1, posted=rang)
    call = actions.ask_for_a_call(
        name="Mira Made-up",
        asker="midwife",
        organisation="Made-up maternity unit",
        phone="+441632960211",
        question="A mother who would like help and is not sure about being filmed.",
        best_time=AdviceCall.Best.MORNING,
    )
    AdviceCall.objects.filter(pk=call.pk).update(asked_at=timezone.now() - timedelta(hours=20))
