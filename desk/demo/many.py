"""Made-up families by the thousand, quickly: to see how the service does when it is full.

The one place that writes in bulk past the actions (docs: ``seed_demo``); history is written with each row that keeps
one. The same seed makes the same families, whose names are drawn from lists and mean nobody.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.models import User
from desk.demo.builder import at, day
from desk.demo.families import Staff
from families.finding import keys
from families.models import (
    Case,
    Closure,
    ClosureReason,
    Consent,
    ConsentWording,
    Contact,
    Family,
    Meaning,
    Membership,
    Note,
    NoteSection,
    Pathway,
    PathwayStage,
    Person,
    RiskConcern,
    StageChange,
)
from families.models.person import REFERENCE_ALPHABET
from outcomes.models import Goal, GoalRating, GoalWording, HelpingQuestion, HelpingQuestionWording
from sessions.models import Attendance, VigSession

AT_ONCE = 500  # families written in one transaction
ROWS = 5000  # of one statement
CONTACTS = 20  # a family


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words(
    "Ada Ash Avery Bay Bea Birch Blue Bryn Cal Cleo Cory Dale Dara Dell Echo Eden Ellis Ember Erin Fable Fern "
    "Finn Gale Glen Greer Halo Haven Hazel Indigo Isla Ivy Jade Jory Juno Kai Kit Lark Linden Lou Lumi Maple "
    "Marlo Merle Mika Neve Noa Nova Olive Opal Orla Park Pax Pip Quill Rain Remy River Robin Rory Rowan Sable "
    "Sage Sky Sol Storm Tam Teal Thea True Uma Vale Vesper Wren Yael Yarrow Zan Zola "
)
LAST = _words(
    "Applewick Ashbrook Barleymow Beechcroft Bramblewood Brightwater Clovermead Copperfield Dewhurst "
    "Elderflower Fairweather Fernsby Foxglove Goldcrest Greenaway Hartsease Hazelgrove Heatherley Honeywell "
    "Ivybridge Juniperhill Kestrelton Larkmoor Lavenderby Meadowsweet Merryweather Mistlethrush Nightingale "
    "Oakenshaw Orchardson Pebblebrook Primrosewood Quillfeather Rainford Rosehip Sandpiper Silverbirch "
    "Snowdropton Sparrowhawke Starling Summerfield Sweetbriar Tanglewood Thistleton Thornbury Underhill "
    "Violetmead Willowherb Winterbourne Woodruff Yarrowby "
)
QUESTIONS = (
    "What am I doing to help her settle?",
    "How does he tell me that he wants to play?",
    "How can I be there for both of them?",
    "What do we enjoy together?",
    "How do I know when she has had enough?",
)
SAID = (
    "Spoke about how the week has been and agreed the next visit.",
    "Asked how feeding is going; better since the weekend.",
    "Checked that the time still suits.",
    "Shared what the health visitor had suggested.",
    "Thanked them for coming and sent the map.",
)
SEEN = (
    "Waited, and looked back when the baby looked. Both smiled.",
    "Named what the baby was doing; the baby answered with a sound.",
    "Held the baby close while it was noisy outside.",
)


@dataclass
class Batch:
    """Rows of one transaction, by model, in the order in which the database needs them."""

    rows: dict[type[models.Model], list[Any]] = field(default_factory=dict)

    def add(self, row: Any) -> Any:
        self.rows.setdefault(type(row), []).append(row)
        return row

    def write(self) -> None:
        """Everything in one transaction; with its history where the model keeps one."""
        with transaction.atomic():
            for model, rows in self.rows.items():
                if hasattr(model, "history"):
                    bulk_create_with_history(rows, model, batch_size=ROWS)
                else:
                    model._default_manager.bulk_create(rows, batch_size=ROWS)
            people = self.rows.get(Person, [])
            for start in range(0, len(people), keys.AT_A_TIME):
                keys.refresh(people[start : start + keys.AT_A_TIME])


class Maker:
    """Draws families; the same ``seed`` draws the same ones."""

    def __init__(self, staff: Staff, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311  # made-up families, no secret
        self.staff = staff
        self.today = timezone.localdate()
        self.pathways = list(Pathway.objects.all())
        self.stages: dict[int, list[PathwayStage]] = {
            each.pk: list(PathwayStage.objects.filter(pathway=each).order_by("position")) for each in self.pathways
        }
        self.reasons = list(ClosureReason.objects.filter(key=""))
        self.wordings = {
            purpose: ConsentWording.objects.filter(purpose=purpose).order_by("-version")[0]
            for purpose in ("film", "shared_review")
        }
        self.used = set(Family.objects.values_list("reference", flat=True))

    # --- drawing --------------------------------------------------------------------------------------------

    def id(self) -> uuid.UUID:
        return uuid.UUID(int=self.dice.getrandbits(128), version=4)

    def reference(self) -> str:
        while True:
            letters = "".join(self.dice.choices(REFERENCE_ALPHABET, k=6))
            reference = f"VIG-{letters[:3]}-{letters[3:]}"
            if reference not in self.used:
                self.used.add(reference)
                return reference

    def moment(self, days_ago: int) -> datetime:
        return at(-days_ago, self.dice.randint(9, 16), self.dice.choice((0, 15, 30, 45)))

    def families(self, number: int) -> Iterator[Batch]:
        """``number`` families, some hundreds at a time."""
        for start in range(0, number, AT_ONCE):
            batch = Batch()
            through: list[Any] = []
            for _ in range(min(AT_ONCE, number - start)):
                self.family(batch, through)
            batch.rows[Case.people.through] = through
            batch.rows = {model: batch.rows[model] for model in ORDER if batch.rows.get(model)}
            yield batch

    def family(self, batch: Batch, through: list[Any]) -> None:
        """One family: who is in it, its case, and what has happened in it."""
        dice = self.dice
        team, leads = dice.choice(
            (
                (self.staff.riverside, (self.staff.asha, self.staff.tess)),
                (self.staff.hilltop, (self.staff.ben, self.staff.sue)),
            )
        )
        by = dice.choice(leads)
        opened = dice.randint(3, 500)
        started = self.moment(opened)
        family = batch.add(Family(id=self.id(), reference=self.reference(), created_at=started))
        surname = dice.choice(LAST)
        infant = self.person(batch, family, started, "infant", surname, Membership.Relationship.INFANT, opened)
        adults = [
            self.person(batch, family, started, "caregiver", surname, relationship, opened)
            for relationship in (Membership.Relationship.BIRTH_PARENT, Membership.Relationship.NON_BIRTH_PARENT)
        ]
        pathway = dice.choices(self.pathways, weights=[6, *([1] * (len(self.pathways) - 1))])[0]
        closed = opened > 120 and dice.random() < 0.6
        offered = [each for each in self.stages[pathway.pk] if each.meaning != Meaning.CLOSED]
        reached = len(offered) if closed else min(1 + opened // 60 + dice.randint(0, 1), len(offered))
        way = offered[:reached]
        if closed:
            way.append(next(each for each in self.stages[pathway.pk] if each.meaning == Meaning.CLOSED))
        step = max(1, (opened - 1) // (len(way) + 1))
        entered = [max(0, opened - number * step) for number in range(len(way))]
        ended = day(-entered[-1]) if closed else None
        place = way[-1]
        case = batch.add(
            Case(
                id=self.id(),
                family=family,
                team=team,
                lead=None if place.meaning == Meaning.ACCEPTED else by,
                pathway=pathway,
                place=place,
                stage=place.meaning,
                stage_since=day(-entered[-1]),
                opened_on=day(-opened),
                closed_on=ended,
                created_at=started,
            )
        )
        for stage, days in zip(way, entered, strict=True):
            batch.add(StageChange(case=case, stage=stage.meaning, label=stage.label, at=self.moment(days), by=by))
        if closed and ended is not None:
            self.closing(batch, case, by, ended)
        through += [Case.people.through(case_id=case.pk, person_id=person.pk) for person in (infant, *adults)]
        last = entered[-1] if closed else 0
        if infant.date_of_birth is not None:
            self.consents(batch, infant, adults, by, opened)
        self.happenings(batch, case, infant, adults, by, opened, last)

    def person(
        self, batch: Batch, family: Family, started: datetime, kind: str, surname: str, relationship: str, opened: int
    ) -> Person:
        dice = self.dice
        born: date | None = None
        expected: date | None = None
        if kind != "infant":
            born = self.today - timedelta(days=dice.randint(19 * 365, 42 * 365))
        elif opened < 60 and dice.random() < 0.2:
            expected = self.today + timedelta(days=dice.randint(5, 120))
        else:
            born = self.today - timedelta(days=min(720, max(1, opened + dice.randint(-60, 160))))
        person = Person(
            id=self.id(),
            kind=kind,
            first_name="" if expected else dice.choice(FIRST),
            last_name=surname,
            date_of_birth=born,
            expected_on=expected,
            created_at=started,
        )
        batch.add(person)
        adult = kind == "caregiver"
        batch.add(
            Membership(
                person=person,
                family=family,
                relationship=relationship,
                parental_responsibility="yes" if adult and dice.random() < 0.9 else "unknown" if adult else "no",
                lives_with_infant=True,
                created_at=started,
            )
        )
        return person

    # --- what happened --------------------------------------------------------------------------------------

    def closing(self, batch: Batch, case: Case, by: User, ended: date) -> None:
        goals = self.dice.choice(Closure.Goals.values)
        why = self.dice.choice(self.reasons) if self.reasons else None
        batch.add(Closure(case=case, closed_on=ended, why=why, summary="They found their way.", goals=goals, by=by))

    def consents(self, batch: Batch, infant: Person, adults: list[Person], by: User, opened: int) -> None:
        decided = self.moment(max(0, opened - 7))
        for person, decider, capacity in (
            (infant, adults[0], Consent.Capacity.PARENTAL),
            (adults[0], adults[0], Consent.Capacity.OWN),
            (adults[1], adults[1], Consent.Capacity.OWN),
        ):
            for purpose, wording in self.wordings.items():
                if self.dice.random() < 0.1:
                    continue  # nobody has asked yet
                batch.add(
                    Consent(
                        id=self.id(),
                        person=person,
                        purpose=purpose,
                        wording=wording,
                        decision="refused" if self.dice.random() < 0.04 else "given",
                        decided_by=decider,
                        capacity=capacity,
                        evidence=Consent.Evidence.SPOKEN,
                        decided_at=decided,
                        recorded_at=decided,
                        recorded_by=by,
                    )
                )

    def happenings(
        self, batch: Batch, case: Case, infant: Person, adults: list[Person], by: User, opened: int, last: int
    ) -> None:
        """Contacts, sessions with notes, a question and a goal, and now and then a concern."""
        dice = self.dice
        between = (last, max(last, opened - 1))
        for _ in range(CONTACTS):
            batch.add(
                Contact(
                    id=self.id(),
                    case=case,
                    person=dice.choice(adults),
                    kind=dice.choice(("call", "call", "text", "email", "letter")),
                    direction=dice.choice(("out", "out", "in")),
                    outcome=dice.choice(("reached", "reached", "reached", "voicemail", "no_answer")),
                    at=(when := self.moment(dice.randint(*between))),
                    note=dice.choice(SAID),
                    logged_by=by,
                    logged_at=when,
                )
            )
        for number in range(min(6, 1 + opened // 21)):
            when = self.moment(dice.randint(*between))
            kind = (*VigSession.Kind.values, "filming")[number]
            session = VigSession(
                id=self.id(),
                case=case,
                kind=kind,
                place="home",
                starts_at=when,
                practitioner=by,
                status="held",
                created_at=when,
            )
            batch.add(session)
            for person in (infant, adults[0]):
                if not person.unborn:
                    batch.add(Attendance(session=session, person=person, code=Attendance.Code.ON_TIME))
            self.note(batch, case, session, by, when)
        if not case.is_closed and dice.random() < 0.7:
            soon = at(dice.randint(1, 14), dice.randint(9, 16))
            batch.add(
                VigSession(
                    id=self.id(),
                    case=case,
                    kind="filming",
                    place="home",
                    starts_at=soon,
                    practitioner=by,
                    status="planned",
                )
            )
        question = batch.add(HelpingQuestion(id=self.id(), case=case, whose=adults[0], created_at=case.created_at))
        batch.add(
            HelpingQuestionWording(
                id=self.id(),
                question=question,
                version=1,
                text=dice.choice(QUESTIONS),
                recorded_by=by,
                recorded_at=case.created_at,
            )
        )
        goal = batch.add(Goal(id=self.id(), case=case, whose=adults[0], created_at=case.created_at))
        wording = batch.add(
            GoalWording(
                id=self.id(),
                goal=goal,
                version=1,
                text="Enjoy bath time together",
                recorded_by=by,
                recorded_at=case.created_at,
            )
        )
        for days, value in ((between[1], dice.randint(1, 4)), (between[0], dice.randint(4, 9))):
            batch.add(
                GoalRating(
                    id=self.id(),
                    wording=wording,
                    rated_by=adults[0],
                    value=value,
                    at=self.moment(days),
                    recorded_by=by,
                )
            )
        if dice.random() < 0.12:
            when = self.moment(dice.randint(*between))
            batch.add(
                RiskConcern(
                    id=self.id(),
                    case=case,
                    text="Tired, and alone for most of the day.",
                    recorded_by=by,
                    recorded_at=when,
                    **(
                        {"settled_at": when + timedelta(days=2), "settled_by": by, "outcome": "Spoken about."}
                        if dice.random() < 0.5 or case.is_closed
                        else {}
                    ),
                )
            )

    def note(self, batch: Batch, case: Case, session: VigSession, by: User, when: datetime) -> None:
        signed = when + timedelta(hours=2)
        note = batch.add(
            Note(
                id=self.id(),
                case=case,
                title=str(session.get_kind_display()),
                occasion_id=session.pk,
                happened_at=when,
                author=by,
                created_at=signed,
                written_at=signed,
                saved_at=signed,
                signed_at=signed,
            )
        )
        batch.add(NoteSection(note=note, position=1, heading="What went well", text=self.dice.choice(SEEN)))


ORDER: tuple[type[models.Model], ...] = (
    Family,
    Person,
    Membership,
    Case,
    Case.people.through,
    StageChange,
    Closure,
    Consent,
    Contact,
    VigSession,
    Attendance,
    Note,
    NoteSection,
    HelpingQuestion,
    HelpingQuestionWording,
    Goal,
    GoalWording,
    GoalRating,
    RiskConcern,
)
