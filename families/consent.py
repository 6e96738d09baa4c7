"""The one place that works out who agrees to what.

Every upload, playback, cut, review, share and export asks here; nothing else reads ``Consent`` rows to decide.

Rules (AVIGuk on purposes and separate consents; GMC on recordings; delegated-authority guidance on who may
consent for a child; Gillick and the Fraser guidelines on young people; the Mental Capacity Act 2005):

- An adult decides for themselves; their latest decision rules.
- For a child, each holder of parental responsibility (or the local authority that shares it) decides; the
  latest decision of each counts, and one holder's refusal or withdrawal stops it whatever another said.
- Who holds parental responsibility is asked at this moment, not when the decision was written down: what
  somebody decided who turns out not to hold it does not count.
- The local authority is one decider, whichever of its officers spoke, and decides only while an order shares
  parental responsibility with it. What adoption, special guardianship and a change of carer mean is in
  ``families.responsibility``.
- A decision made before a child's birth is asked again at birth.
- A caregiver under 16 decides alone once it is written down that they understand enough to. Before that their yes
  needs that of somebody with parental responsibility for them; their no is enough. What they decided under 16 in
  that way is asked again when they are 16.
- From 16 on everybody is presumed able to decide, until it is found that they cannot decide about this.
- Silence is not consent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from families import responsibility
from families.ages import years_old
from families.models import Ability, Consent, ConsentWording, Person

Purpose = ConsentWording.Purpose
Rows = dict[tuple[object, str], list[Consent]]

SOON = timedelta(days=28)
"""How long before an agreement runs out somebody is told to ask again."""
ALONE_FROM = 16  # years: Family Law Reform Act 1969, section 8; presumed capacity


class Standing(models.TextChoices):
    """Where one person stands for one purpose."""

    GIVEN = "given", "Agreed"
    REFUSED = "refused", "Does not agree"
    CONFLICT = "conflict", "Those who may decide do not agree with one another"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired: ask again"
    NOT_ALONE = "not_alone", "Cannot decide alone yet"
    NOT_ASKED = "not_asked", "Not asked yet"


# What each purpose is about, inside a sentence.
ABOUT: dict[str, str] = {
    Purpose.FILM: "being filmed",
    Purpose.SHARED_REVIEW: "being seen in the shared review",
    Purpose.SUPERVISION: "their films being used in supervision",
    Purpose.INTERVISION: "their films being shown to colleagues (intervision)",
    Purpose.TRAINING: "their films being used in training",
    Purpose.RESEARCH: "their films being used in research",
    Purpose.COPY: "a copy for the family",
}
SENTENCES: dict[str, str] = {
    Standing.NOT_ASKED: "{name} has not been asked about {about}.",
    Standing.REFUSED: "{name} does not agree to {about}.",
    Standing.WITHDRAWN: "{name} no longer agrees to {about}.",
    Standing.EXPIRED: "{name}’s agreement to {about} has run out. Ask again.",
    Standing.CONFLICT: "Those who may decide for {name} do not agree with one another about {about}.",
}


@dataclass(frozen=True)
class PersonStanding:
    """Where ``person`` stands for ``purpose``; an agreement holds ``until`` a day, that day included."""

    person: Person
    purpose: str
    standing: str
    until: date | None = None

    @property
    def agreed(self) -> bool:
        return self.standing == Standing.GIVEN

    def runs_out_soon(self, today: date) -> bool:
        """Whether the agreement stands and ends within four weeks."""
        return self.agreed and self.until is not None and self.until <= today + SOON

    @property
    def sentence(self) -> str:
        """Why not, in words for a practitioner; empty when agreed."""
        if self.agreed:
            return ""
        name, about = self.person.short_name, ABOUT[self.purpose]
        if self.standing == Standing.NOT_ALONE:
            if is_young(self.person, timezone.localdate()):
                return (
                    f"{name} agrees to {about} but is under {ALONE_FROM}: write down whether they understand enough to "
                    "decide alone, or also ask somebody with parental responsibility for them."
                )
            return f"It was found that {name} cannot decide about {about} at present."
        return SENTENCES[self.standing].format(name=name, about=about)


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
    """Whether this person is asked themselves (caregivers and other adults), or others decide for them."""
    return person.kind in {Person.Kind.CAREGIVER, Person.Kind.OTHER}


def is_young(person: Person, on: date) -> bool:
    """Whether somebody who is asked themselves is under 16 on that day; nobody is whose birthday is not known."""
    born = person.date_of_birth
    return decides_alone(person) and born is not None and years_old(born, on) < ALONE_FROM


def decider(decision: Consent) -> str:
    """Whose voice a decision is: each person's own, each name's, and one for the local authority."""
    if decision.capacity == Consent.Capacity.AUTHORITY:
        return Consent.Capacity.AUTHORITY
    return str(decision.decided_by_id) if decision.decided_by_id else decision.decided_by_name.casefold()


# --- The rows ---------------------------------------------------------------------------------------------


def decisions_of(people: Iterable[Person], purposes: Iterable[str]) -> models.QuerySet[Consent]:
    """All decisions about these people and purposes, newest first, each with ``by_right``: whether whoever
    decided for a child may do so as the record stands now; and ``ability``: what was last found of the person."""
    holds = responsibility.standing(OuterRef("person")).filter(person=OuterRef("decided_by"))
    shared = responsibility.shared_with_authority(OuterRef("person"))
    found = (
        Ability.objects.filter(person=OuterRef("person"), purpose=OuterRef("purpose"))
        .exclude(finding=Ability.Finding.CONCERN)
        .order_by("-found_on", "-recorded_at")
        .values("finding")[:1]
    )
    return (
        Consent.objects.filter(person__in=list(people), purpose__in=list(purposes))
        .annotate(
            by_right=models.Case(
                models.When(capacity=Consent.Capacity.AUTHORITY, then=shared),
                default=Exists(holds),
                output_field=models.BooleanField(),
            ),
            ability=Subquery(found),
        )
        .order_by("-decided_at", "-recorded_at")
    )


def rows_of(people: Collection[Person], purposes: Collection[str], *, now: datetime | None = None) -> Rows:
    """The decisions made up to ``now``, newest first, by ``(person.pk, purpose)``; one query."""
    rows: Rows = defaultdict(list)
    for row in decisions_of(people, purposes).filter(decided_at__lte=now or timezone.now()):
        rows[row.person_id, row.purpose].append(row)
    return rows


def latest_voices(person: Person, decisions: Iterable[Consent]) -> dict[str, Consent]:
    """The latest decision of each who may decide for this person, from rows of ``decisions_of``, newest first."""
    born = person.date_of_birth
    latest: dict[str, Consent] = {}
    for each in decisions:
        if not decides_alone(person):
            if not each.by_right:  # type: ignore[attr-defined]  # annotated by ``decisions_of``
                continue
            if born is not None and timezone.localtime(each.decided_at).date() < born:
                continue
        latest.setdefault(decider(each), each)
    return latest


# --- The arithmetic -----------------------------------------------------------------------------------------


def word_of(decision: Consent, today: date) -> str:
    """What one decision says today."""
    if decision.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if decision.decision == Consent.Decision.REFUSED:
        return Standing.REFUSED
    if decision.expires_on is not None and decision.expires_on < today:
        return Standing.EXPIRED
    return Standing.GIVEN


def _together(voices: Collection[Consent], today: date) -> tuple[str, date | None]:
    """Several who decide for one person: one who does not agree is enough to stop it."""
    words = {word_of(each, today) for each in voices}
    if words <= {Standing.GIVEN, Standing.EXPIRED} and Standing.GIVEN in words:
        ends = [each.expires_on for each in voices if word_of(each, today) == Standing.GIVEN]
        return Standing.GIVEN, None if None in ends else max(end for end in ends if end)
    if len(words) == 1:
        return words.pop(), None
    if words & {Standing.GIVEN, Standing.EXPIRED}:
        return Standing.CONFLICT, None
    return Standing.WITHDRAWN, None


def _of_themselves(person: Person, voices: dict[str, Consent], today: date) -> tuple[str, date | None]:
    own = voices.pop(str(person.pk), None)
    if own is None:
        return Standing.NOT_ASKED, None
    word = word_of(own, today)
    if word != Standing.GIVEN or own.ability == Ability.Finding.CAN:  # type: ignore[attr-defined]  # annotated
        return word, own.expires_on if word == Standing.GIVEN else None
    if not is_young(person, timezone.localtime(own.decided_at).date()):
        if own.ability == Ability.Finding.CANNOT:  # type: ignore[attr-defined]  # annotated
            return Standing.NOT_ALONE, None
        return Standing.GIVEN, own.expires_on
    if not is_young(person, today):
        return Standing.NOT_ASKED, None  # decided under 16, and not alone: asked again
    if not voices:
        return Standing.NOT_ALONE, None
    others, until = _together(voices.values(), today)
    if others == Standing.GIVEN:
        ends = [end for end in (own.expires_on, until) if end is not None]
        return Standing.GIVEN, min(ends, default=None)
    return (Standing.EXPIRED if others == Standing.EXPIRED else Standing.CONFLICT), None


def stand(person: Person, purpose: str, decisions: Sequence[Consent], *, now: datetime | None = None) -> PersonStanding:
    """Where one person stands, from their rows of ``decisions_of`` for one purpose, newest first."""
    today = timezone.localtime(now).date()
    voices = latest_voices(person, decisions)
    if not voices:
        return PersonStanding(person, purpose, Standing.NOT_ASKED)
    if decides_alone(person):
        standing, until = _of_themselves(person, voices, today)
    else:
        standing, until = _together(voices.values(), today)
    return PersonStanding(person, purpose, standing, until)


def standings(
    people: Iterable[Person], purposes: Iterable[str], *, now: datetime | None = None
) -> dict[tuple[object, str], PersonStanding]:
    """Where each person stands for each purpose, by ``(person.pk, purpose)``; one query whatever the number."""
    now = now or timezone.now()
    people, purposes = list(people), list(purposes)
    rows = rows_of(people, purposes, now=now)
    return {
        (person.pk, purpose): stand(person, purpose, rows[person.pk, purpose], now=now)
        for person in people
        for purpose in purposes
    }


def ask(people: Iterable[Person], *purposes: str, now: datetime | None = None) -> Verdict:
    """Whether everybody in ``people`` agrees to every one of ``purposes`` at this moment."""
    return Verdict(tuple(standings(people, purposes, now=now).values()))
