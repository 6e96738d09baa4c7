"""Made-up families whose time is over: an old record, one that a court keeps, one that is gone, films that may go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import User
from desk.demo.builder import DemoFamily, at, day
from desk.demo.families import TO_BEGIN, Film, Kind, Staff, Stage, Who, carer
from desk.demo.people import MANAGER
from desk.demo.sending import send
from families import actions
from families.actions import InfantFacts
from families.actions.retention import decide_to_delete, offer_copies, place_hold
from families.consent import Purpose
from families.models import What
from families.retention import deleting

YEAR = 365.25


def old_records(staff: Staff) -> None:
    """Three records of long ago that were brought over from paper; one is on hold for a court, one is deleted."""
    _long_ago(staff, "Wren", "Merriweather", 26.4)
    _deleted(_long_ago(staff, "Finch", "Applegarth", 28.1))
    held = _long_ago(staff, "Lark", "Hollybush", 27.2)
    place_hold(
        by=User.objects.get(email=MANAGER),
        case=held.case,
        kind="court",
        reason="The family court asked for the whole record (made up, reference FD00P00000).",
        until=day(120),
    )


def _deleted(family: DemoFamily) -> None:
    """What is left of it is its certificate."""
    manager = User.objects.get(email=MANAGER)
    record: dict[str, Any] = {"by": manager, "case": family.case, "what": What.RECORD}
    offer_copies(**record, how="unreachable", words="Three letters came back.", offered_on=day(-20))
    erasure = decide_to_delete(**record, reference=family.case.family.reference)
    deleting.work(str(erasure.pk), str(erasure.attempt))


def _long_ago(staff: Staff, baby: str, name: str, years: float) -> DemoFamily:
    born = round(-years * YEAR)
    family = DemoFamily.open(
        by=staff.asha,
        team=staff.riverside,
        lead=staff.asha,
        days_ago=-born - 40,
        infants={baby: InfantFacts(first_name=baby, last_name=name, date_of_birth=day(born))},
        caregivers={"Mum": carer("Frances", name, Who.BIRTH_PARENT, "Mum")},
    )
    family.session(Kind.ENGAGEMENT, at(born + 60), came={baby: "5", "Mum": "5"})
    _close(family, -born - 260, "Brought over from paper: six visits, and a good ending.")
    return family


def _close(family: DemoFamily, days_ago: int, words: str) -> None:
    actions.close_case(by=family.by, case=family.case, closed_on=day(-days_ago), reason=words)
    family.case.stage_changes.filter(stage=Stage.CLOSED).update(at=at(-days_ago, 16))


def film_that_may_go(staff: Staff) -> None:
    """A family that finished ten weeks ago; their film has its written summary, and they were offered a copy."""
    family = DemoFamily.open(
        by=staff.asha,
        team=staff.riverside,
        lead=staff.asha,
        days_ago=200,
        infants={"Kit": InfantFacts(first_name="Kit", last_name="Speedwell", date_of_birth=day(-300))},
        caregivers={"Lou": carer("Louise", "Speedwell", Who.BIRTH_PARENT, "Mum", known_as="Lou")},
    )
    family.agree("Lou", (*TO_BEGIN, Purpose.COPY), days_ago=170)
    family.agree("Kit", (*TO_BEGIN, Purpose.COPY), days_ago=170, decided_by="Lou")
    question = family.ask("Does he like to be talked to?", whose="Lou", days_ago=170)
    cycle = family.cycle(question.wordings.get(version=1), days_ago=160)
    filming = family.session(Kind.FILMING, at(-150), cycle=cycle, came={"Kit": "5", "Lou": "5"})
    send(
        Film(family.case, cycle, filming, tuple(family.people.values()), staff.asha),
        caption="Demonstration film of long ago",
        seconds=4,
    )
    after = family.reword(question, "What does he say when I wait?", days_ago=120)
    family.close(cycle, "Lou saw how Kit turns to her voice, and that he answers when she waits.", after, days_ago=120)
    _close(family, 70, "Lou and Kit have found their way of talking.")
    offer = offer_copies(
        by=User.objects.get(email=MANAGER),
        case=family.case,
        what=What.FILMS,
        how="call",
        words="Lou, on her own telephone. She will think about it.",
        offered_on=day(-10),
    )
    offer.at -= timedelta(days=10)
    offer.save()
