"""Who is on duty, what they have to look at today, and what else waits in the made-up families."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts import safeguarding
from accounts.models import User
from desk.demo.builder import DemoFamily, at, day
from families import actions, duty
from families.duty import rota
from families.models import Alert, ConcernEntry, RiskConcern
from outcomes import actions as questions
from outcomes.models import CriticalAnswer

if TYPE_CHECKING:
    from desk.demo.families import Staff

DUTY_PHONE = "+447700900190"
OUT_OF_HOURS = (
    "We are here on weekdays from 9 to 5. In the evening, at night and at weekends nobody reads what you send us. If "
    "somebody is in danger now, call 999. For urgent help with your health, call 111."
)


def keep_rota(staff: Staff, manager: User) -> None:
    """Two weeks of duty, and today's as long as the day on which somebody tries it."""
    safeguarding.name_leads(by=manager, lead=manager, deputy=staff.sue)
    kept = rota.rules()
    rota.change_rules(
        by=manager,
        deputy_after=kept.deputy_after,
        managers_after=kept.managers_after,
        out_of_hours=OUT_OF_HOURS,
    )
    monday = -timezone.localdate().weekday()
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for number in range(monday, monday + 14):
        begins, ends = at(number, 9), at(number, 17)
        if number == 0:  # whoever looks in the evening, or on a Sunday, finds somebody on duty
            begins, ends = min(begins, hour - timedelta(hours=1)), max(ends, hour + timedelta(hours=3))
        elif day(number).weekday() > 4:
            continue
        # Sue's week follows Asha's; today is Asha's in any case
        mine = number == 0 or number < monday + 7
        rota.put_on_duty(
            by=manager,
            person=staff.asha if mine else staff.sue,
            deputy=staff.sue if mine else staff.asha,
            starts_at=begins,
            ends_at=ends,
            phone=DUTY_PHONE,
        )


def answered_already(family: DemoFamily, name: str, by: User, *, days_ago: int) -> None:
    """Somebody's answer about harm, of some weeks ago: whoever was on duty took it, and wrote what was done."""
    score = family.answered("phq-9", name, [2, 2, 3, 2, 1, 2, 1, 0, 1], days_ago=days_ago, occasion="baseline")
    answer = CriticalAnswer.objects.get(score=score)
    waiting = Alert.objects.open().get(subject=f"{answer._meta.label_lower}:{answer.pk}")
    duty.acknowledge(by=by, alert=waiting, answer="I have it. I ring her before noon.")
    answer = questions.act_on(
        by=family.by,
        answer=answer,
        acted=f"{by.name} and I rang {family.people[name].display_name} together. Thoughts and no plan; she has told "
        "her GP and has the crisis line’s number. I see her on Thursday.",
    )
    told = at(-days_ago, 12)
    CriticalAnswer.objects.filter(pk=answer.pk).update(raised_at=told, acted_at=told + timedelta(hours=2))
    waiting.notices.update(at=told)
    Alert.objects.filter(pk=waiting.pk).update(raised_at=told, acknowledged_at=told + timedelta(minutes=9))


def answered_today(family: DemoFamily, name: str) -> None:
    """Somebody's answer about harm, which nobody has taken yet."""
    family.answered("phq-9", name, [1, 2, 2, 3, 1, 1, 1, 0, 1], days_ago=0, occasion="baseline")


def judge(family: DemoFamily, level: str, grounds: str, *, days_ago: int, due_in: int, by: User | None = None) -> None:
    """How risk stood on a day, and when it is looked at again (negative: that day has passed)."""
    actions.review_risk(
        by=by or family.by,
        case=family.case,
        level=level,
        grounds=grounds,
        reviewed_on=day(-days_ago),
        due_on=day(due_in),
    )


def follow_up(concern: RiskConcern, *steps: tuple[str, str, User], days_ago: int) -> None:
    """What was decided and done about a worry, a step a day from the day on which it was written down."""
    RiskConcern.objects.filter(pk=concern.pk).update(recorded_at=at(-days_ago, 11, 20))
    for number, (kind, text, by) in enumerate(steps):
        entry = actions.add_entry(by=by, concern=concern, kind=kind, text=text)
        ConcernEntry.objects.filter(pk=entry.pk).update(recorded_at=at(number - days_ago, 15))


def remember(family: DemoFamily, title: str, *, due_in: int, detail: str = "", person: User | None = None) -> None:
    """Something to do by a day (negative: it should have been done)."""
    task = actions.add_task(
        by=family.by, case=family.case, title=title, detail=detail, due_on=day(due_in), person=person
    )
    task.created_at = at(min(due_in, 0) - 5, 16)
    task.save()
