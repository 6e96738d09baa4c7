"""The one place that works out who agrees to what.

Every upload, playback, cut, review, share and export asks here; nothing else reads ``Consent`` rows to decide.

Rules (AVIGuk on purposes and separate consents; GMC on recordings; delegated-authority guidance on who may
consent for a child):

- An adult decides for themselves; their latest decision rules.
- For a child, each holder of parental responsibility (or the local authority that shares it) decides; the
  latest decision of each counts, and one holder's refusal or withdrawal stops it whatever another said.
- Who holds parental responsibility is asked at this moment, not when the decision was written down: what
  somebody decided who turns out not to hold it does not count.
- The local authority is one decider, whichever of its officers spoke.
- A decision made before a child's birth is asked again at birth.
- Silence is not consent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from families.models import Consent, ConsentWording, Membership, Person

Purpose = ConsentWording.Purpose


class Standing(models.TextChoices):
    """Where one person stands for one purpose."""

    GIVEN = "given", "Agreed"
    REFUSED = "refused", "Does not agree"
    CONFLICT = "conflict", "Those who may decide do not agree with one another"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired: ask again"
    NOT_ASKED = "not_asked", "Not asked yet"


SENTENCES: dict[tuple[str, str], str] = {
    (Purpose.FILM, Standing.NOT_ASKED): "{name} has not been asked about being filmed.",
    (Purpose.FILM, Standing.REFUSED): "{name} does not agree to being filmed.",
    (Purpose.FILM, Standing.WITHDRAWN): "{name} no longer agrees to being filmed.",
    (Purpose.FILM, Standing.EXPIRED): "{name}’s agreement to being filmed has run out. Ask again.",
    (
        Purpose.FILM,
        Standing.CONFLICT,
    ): "Those who may decide for {name} do not agree with one another about filming.",
    (
        Purpose.SHARED_REVIEW,
        Standing.NOT_ASKED,
    ): "{name} has not been asked about being seen in the shared review.",
    (Purpose.SHARED_REVIEW, Standing.REFUSED): "{name} does not agree to being seen in the shared review.",
    (
        Purpose.SHARED_REVIEW,
        Standing.WITHDRAWN,
    ): "{name} no longer agrees to being seen in the shared review.",
    (
        Purpose.SHARED_REVIEW,
        Standing.EXPIRED,
    ): "{name}’s agreement to the shared review has run out. Ask again.",
    (Purpose.SHARED_REVIEW, Standing.CONFLICT): (
        "Those who may decide for {name} do not agree with one another about the shared review."
    ),
}


@dataclass(frozen=True)
class PersonStanding:
    """Where ``person`` stands for ``purpose``."""

    person: Person
    purpose: str
    standing: str

    @property
    def agreed(self) -> bool:
        return self.standing == Standing.GIVEN

    @property
    def sentence(self) -> str:
        """Why not, in words for a practitioner; empty when agreed."""
        if self.agreed:
            return ""
        label = Purpose(self.purpose).label.lower()
        template = SENTENCES.get((self.purpose, self.standing))
        if template:
            return template.format(name=self.person.short_name)
        return f"{self.person.short_name}: {Standing(self.standing).label.lower()} ({label})."


@dataclass(frozen=True)
class Verdict:
    """The answer to "may this be done with these people?", with each person's part in it."""

    people: tuple[PersonStanding, ...]

    @property
    def allowed(self) -> bool:
        """True only when there is somebody, and everybody agrees to everything asked."""
        return bool(self.people) and all(each.agreed for each in self.people)

    @property
    def blockers(self) -> list[PersonStanding]:
        return [each for each in self.people if not each.agreed]

    @property
    def reasons(self) -> list[str]:
        if not self.people:
            return ["Nobody is named as being in the film."]
        return [each.sentence for each in self.blockers]


def decides_alone(person: Person) -> bool:
    """Whether this person decides for themselves (caregivers and other adults), or others decide for them."""
    return person.kind in {Person.Kind.CAREGIVER, Person.Kind.OTHER}


def decider(decision: Consent) -> str:
    """Whose voice a decision for a child is: each person's own, and one for the local authority."""
    if decision.capacity == Consent.Capacity.AUTHORITY:
        return Consent.Capacity.AUTHORITY
    return str(decision.decided_by_id)


def decisions_of(people: Iterable[Person], purposes: Iterable[str]) -> models.QuerySet[Consent]:
    """All decisions about these people and purposes, newest first, each with ``by_right``: whether whoever
    decided for a child may do so as the record stands now."""
    holds = Membership.objects.filter(
        person=OuterRef("decided_by"),
        person__lost="",  # parental responsibility ends with a death: somebody who lives is asked again
        parental_responsibility=Membership.ParentalResponsibility.YES,
        family__memberships__person=OuterRef("person"),
    )
    return (
        Consent.objects.filter(person__in=list(people), purpose__in=list(purposes))
        .annotate(
            by_right=models.Case(
                models.When(capacity=Consent.Capacity.AUTHORITY, then=models.Value(True)),
                default=Exists(holds),
                output_field=models.BooleanField(),
            )
        )
        .order_by("-decided_at", "-recorded_at")
    )


def _of_one(person: Person, decisions: list[Consent], now: datetime) -> str:
    """Where one person stands, from all their decisions for one purpose, newest first."""
    if not decides_alone(person):
        born = person.date_of_birth
        decisions = [
            each
            for each in decisions
            if each.by_right  # type: ignore[attr-defined]  # annotated by ``decisions_of``
            and (born is None or timezone.localtime(each.decided_at).date() >= born)
        ]
    if not decisions:
        return Standing.NOT_ASKED

    def one(decision: Consent) -> str:
        if decision.withdrawn_at is not None:
            return Standing.WITHDRAWN
        if decision.decision == Consent.Decision.REFUSED:
            return Standing.REFUSED
        if decision.expires_on is not None and decision.expires_on < timezone.localtime(now).date():
            return Standing.EXPIRED
        return Standing.GIVEN

    if decides_alone(person):
        return one(decisions[0])
    latest: dict[str, Consent] = {}
    for decision in decisions:
        latest.setdefault(decider(decision), decision)
    standings = {one(decision) for decision in latest.values()}
    if standings == {Standing.EXPIRED, Standing.GIVEN}:
        return Standing.GIVEN
    if len(standings) == 1:
        return standings.pop()
    if Standing.GIVEN in standings or Standing.EXPIRED in standings:
        return Standing.CONFLICT
    return Standing.WITHDRAWN


def standings(
    people: Iterable[Person], purposes: Iterable[str], *, now: datetime | None = None
) -> dict[tuple[object, str], PersonStanding]:
    """Where each person stands for each purpose, by ``(person.pk, purpose)``; one query whatever the number."""
    now = now or timezone.now()
    people, purposes = list(people), list(purposes)
    rows: dict[tuple[object, str], list[Consent]] = defaultdict(list)
    for row in decisions_of(people, purposes).filter(decided_at__lte=now):
        rows[row.person_id, row.purpose].append(row)
    return {
        (person.pk, purpose): PersonStanding(person, purpose, _of_one(person, rows[person.pk, purpose], now))
        for person in people
        for purpose in purposes
    }


def ask(people: Iterable[Person], *purposes: str, now: datetime | None = None) -> Verdict:
    """Whether everybody in ``people`` agrees to every one of ``purposes`` at this moment."""
    return Verdict(tuple(standings(people, purposes, now=now).values()))
