"""Making demonstration data through the service's own actions, and then setting it back in time.

Everything is written by the verbs that the pages use, so that what the demonstration shows can also be made by
hand. Only the moments are changed afterwards: a record in which everything happened this minute teaches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import nhs_number
from django.utils import timezone

from accounts.models import Team, User
from families import actions
from families.actions import CaregiverFacts, InfantFacts
from families.models import Case, Consent, Person
from outcomes import actions as questions
from outcomes.actions.scores import Given
from outcomes.models import (
    GoalWording,
    HelpingQuestion,
    HelpingQuestionRating,
    HelpingQuestionWording,
    MeasureVersion,
    Score,
)
from sessions import actions as diary
from sessions.models import Cycle, VigSession


def at(days: int, hour: int = 10, minute: int = 0) -> datetime:
    """That time of day, so many days from today (negative: ago)."""
    return timezone.make_aware(datetime.combine(day(days), time(hour, minute)))


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def synthetic_nhs_number(number: int) -> str:
    """A number with a right check digit from the range that is never given to anybody (999…)."""
    for last in range(number, number + 10):
        nine = f"999{last:06d}"
        check = nhs_number.calculate_checksum(nine)
        if check is not None and check < 10:
            return f"{nine}{check}"
    raise ValueError(number)


@dataclass
class DemoFamily:
    """One made-up family while it is being written, and its people by name."""

    by: User
    case: Case
    people: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def open(
        cls,
        *,
        by: User,
        team: Team,
        lead: User | None,
        infants: Mapping[str, InfantFacts],
        caregivers: Mapping[str, CaregiverFacts],
        days_ago: int,
    ) -> DemoFamily:
        case = actions.open_case(
            by=by,
            infants=list(infants.values()),
            caregivers=list(caregivers.values()),
            team=team,
            lead=lead,
            opened_on=day(-days_ago),
        )
        made = at(-days_ago, 9, 15)
        case.created_at = made
        case.save()
        case.stage_changes.update(at=made)
        people = list(case.people.order_by("created_at"))
        for number, person in enumerate(people):
            person.created_at = made + timedelta(seconds=number)
            person.save()
        return cls(lead or by, case, dict(zip([*infants, *caregivers], people, strict=True)))

    def stage(self, stage: str, days_ago: int) -> None:
        actions.change_stage(by=self.by, case=self.case, stage=stage)
        self._set_back_stage(days_ago)

    def _set_back_stage(self, days_ago: int) -> None:
        """The stage entered last was entered so many days ago."""
        last = self.case.stage_changes.order_by("-id").first()
        if last is not None:
            self.case.stage_changes.filter(pk=last.pk).update(at=at(-days_ago, 11))
        self.case.stage_since = day(-days_ago)
        self.case.save()

    def agree(
        self,
        name: str,
        purposes: Sequence[str],
        *,
        days_ago: int,
        decided_by: str = "",
        authority: str = "",
        decision: str = Consent.Decision.GIVEN,
        evidence: str = Consent.Evidence.SPOKEN,
    ) -> None:
        """Somebody's decision, for themselves or (``decided_by``, ``authority``) for a child."""
        for purpose in purposes:
            consent = actions.record_consent(
                by=self.by,
                person=self.people[name],
                purpose=purpose,
                decision=decision,
                capacity=(
                    Consent.Capacity.AUTHORITY
                    if authority
                    else Consent.Capacity.PARENTAL
                    if decided_by
                    else Consent.Capacity.OWN
                ),
                decided_by=None if authority else self.people[decided_by or name],
                decided_by_name=authority,
                evidence=evidence,
                decided_at=at(-days_ago, 10, 5),
                case=self.case,
            )
            Consent.objects.filter(pk=consent.pk).update(recorded_at=at(-days_ago, 10, 20))

    def refuse(self, name: str, purposes: Sequence[str], *, days_ago: int, decided_by: str = "") -> None:
        self.agree(name, purposes, days_ago=days_ago, decided_by=decided_by, decision=Consent.Decision.REFUSED)

    def known(
        self, name: str, *, contact: Mapping[str, object] | None = None, about: Mapping[str, object] | None = None
    ) -> None:
        """How to reach somebody, and what they said about themselves."""
        person = self.people[name]
        actions.change_contact(by=self.by, case=self.case, person=person, changes=dict(contact or {}))
        actions.change_background(by=self.by, case=self.case, person=person, changes=dict(about or {}))

    def lives_at(self, lines: str, postcode: str, *, whose: str = "", note: str = "") -> None:
        """An address of the household, or of one person apart from it."""
        person = self.people[whose] if whose else None
        actions.add_address(by=self.by, case=self.case, person=person, lines=lines, postcode=postcode, note=note)

    def professional(self, *, said_by: str = "", days_ago: int = 0, **facts: object) -> None:
        """Somebody who works with the family; ``said_by`` let us speak with them."""
        if said_by:
            facts |= {"may_contact": "yes", "permission_by": self.people[said_by], "permission_on": day(-days_ago)}
        actions.add_professional(by=self.by, case=self.case, facts=facts)

    def ask(self, text: str, *, whose: str = "", days_ago: int) -> HelpingQuestion:
        question = questions.add_question(
            by=self.by, case=self.case, text=text, whose=self.people[whose] if whose else None
        )
        HelpingQuestion.objects.filter(pk=question.pk).update(created_at=at(-days_ago, 10, 40))
        question.wordings.update(recorded_at=at(-days_ago, 10, 40))
        return question

    def reword(self, question: HelpingQuestion, text: str, *, days_ago: int) -> HelpingQuestionWording:
        wording = questions.reword_question(by=self.by, question=question, text=text)
        HelpingQuestionWording.objects.filter(pk=wording.pk).update(recorded_at=at(-days_ago, 11, 30))
        return wording

    def rate(self, wording: HelpingQuestionWording, name: str, value: int, *, days_ago: int) -> None:
        rating = questions.rate_question(by=None, wording=wording, rated_by=self.people[name], value=value)
        HelpingQuestionRating.objects.filter(pk=rating.pk).update(at=at(-days_ago, 11, 20))

    def aim(self, text: str, *, whose: str = "", days_ago: int) -> GoalWording:
        goal = questions.add_goal(by=self.by, case=self.case, text=text, whose=self.people[whose] if whose else None)
        goal.created_at = at(-days_ago, 10, 50)
        goal.save()
        goal.wordings.update(recorded_at=goal.created_at)
        return goal.wordings.get()

    def nearer(self, wording: GoalWording, name: str, *numbers: tuple[int, int]) -> None:
        """How near somebody felt to a goal: (days ago, number), each by their own hand."""
        for days_ago, value in numbers:
            questions.rate_goal(
                by=None, wording=wording, rated_by=self.people[name], value=value, at=at(-days_ago, 11, 5)
            )

    def answered(self, key: str, name: str, figures: Sequence[int], *, days_ago: int, occasion: str) -> Score:
        """A questionnaire that somebody filled in on paper, every question of it."""
        version = MeasureVersion.objects.filter(measure__key=key).latest("version")
        person = self.people[name]
        given = Given(
            respondent=person, about_caregiver=person, occasion=occasion, completed_on=day(-days_ago), way="paper"
        )
        answers = dict(enumerate(figures, 1))
        score = questions.record_score(by=self.by, case=self.case, version=version, given=given, answers=answers)
        Score.objects.filter(pk=score.pk).update(recorded_at=min(at(-days_ago, 12), timezone.now()))
        return score

    def cycle(self, wording: HelpingQuestionWording, *, days_ago: int) -> Cycle:
        cycle = diary.open_cycle(by=self.by, case=self.case, wording=wording)
        cycle.opened_at = at(-days_ago, 11)
        cycle.save()
        if cycle.number == 1:
            self._set_back_stage(days_ago)
        return cycle

    def close(self, cycle: Cycle, summary: str, next_wording: HelpingQuestionWording, *, days_ago: int) -> None:
        diary.close_cycle(by=self.by, cycle=cycle, summary=summary, next_wording=next_wording)
        cycle.closed_at = at(-days_ago, 14)
        cycle.save()

    def session(
        self,
        kind: str,
        when: datetime,
        *,
        place: str = VigSession.Place.HOME,
        detail: str = "",
        cycle: Cycle | None = None,
        came: Mapping[str, str] | None = None,
        minutes: int = 75,
        practitioner: User | None = None,
    ) -> VigSession:
        """A session; without ``came`` everybody is expected and nobody has said how it went."""
        codes = {person: "0" for person in self.people.values() if not person.unborn}
        if came is not None:
            codes = {self.people[name]: code for name, code in came.items()}
        return diary.log_session(
            by=self.by,
            case=self.case,
            kind=kind,
            place=place,
            place_detail=detail,
            starts_at=when,
            minutes=minutes,
            practitioner=practitioner or self.by,
            cycle=cycle,
            codes=codes,
        )

    def written_again(self, name: str, **otherwise: object) -> Person:
        """A second record of somebody, as one comes about when nobody looked first."""
        person = self.people[name]
        again = Person.objects.create(
            **{"kind": person.kind, "first_name": person.first_name, "last_name": person.last_name, **otherwise}
        )
        place = person.memberships.get(family=self.case.family)
        place.pk, place.person = None, again
        place._state.adding = True
        place.save()
        self.case.people.add(again)
        return again
