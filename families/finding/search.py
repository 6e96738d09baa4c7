"""Finding families by what somebody typed, the likeliest first, each with why.

Four queries, whatever is typed and however many families there are: which names are like the words typed; which
families have people with these names, dates and numbers, ranked by the database and cut off; the keys of those, for
the reasons; and the cases of them that this person may open. All of them begin with what the person may see, except
the first, which reads names and no person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as If
from django.db.models import FloatField, IntegerField, Max, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from families.finding import asked as asking
from families.finding.keys import NAMES
from families.finding.names import WORTH, How, likeness, parts, sounds, trigrams
from families.models import Case, Family, NamePart, SearchKey

Kind = SearchKey.Kind
MOST_FAMILIES = 200  # what is less likely than so many others is not looked through by anybody
MOST_NAMES = 300  # that are like one of the words typed
SOUND = 100  # in the sum of shared parts: a sound shared outweighs any number of trigrams
SHARED = 0.4  # of the trigrams of what was typed: one letter wrong in four leaves more

KINDS_OF_VALUE = {
    "dates": ((Kind.BORN, Kind.DUE), 1.6),
    "nhs_numbers": ((Kind.NHS,), 4.0),
    "phones": ((Kind.PHONE,), 3.0),
    "emails": ((Kind.EMAIL,), 3.0),
    "postcodes": ((Kind.POSTCODE,), 1.2),
}
EARLIER_WORTH = 0.95  # an earlier surname stands behind the same name borne today


@dataclass(frozen=True)
class Term:
    """One thing looked for: the values it may have, each with how it is like what was typed and what that is worth."""

    kinds: tuple[str, ...]
    values: dict[str, How]
    worth: float = 1.0
    prefix: str = ""  # a word that may be only the beginning of a name

    @property
    def condition(self) -> Q:
        found = Q(value__in=list(self.values))
        if self.prefix:
            found |= Q(value__startswith=self.prefix)
        return found & Q(kind__in=self.kinds)

    def how(self, kind: str, value: str) -> How | None:
        """In which way a key answers this term, or None."""
        if kind not in self.kinds:
            return None
        if value in self.values:
            return self.values[value]
        return How.BEGINS if self.prefix and value.startswith(self.prefix) else None

    def rank(self) -> Max:
        """What the best of a family's keys is worth for this term, in the database."""
        steps = [
            When(Q(kind__in=self.kinds, value__in=values), then=Value(self.worth * WORTH[how]))
            for how in How
            if (values := [value for value, its in self.values.items() if its == how])
        ]
        if self.prefix:
            begins = Q(kind__in=self.kinds, value__startswith=self.prefix)
            steps.append(When(begins, then=Value(self.worth * WORTH[How.BEGINS])))
        return Max(If(*steps, default=Value(0.0), output_field=FloatField()))


@dataclass(frozen=True)
class Why:
    """Why somebody was found: the person and what about them matched, in words."""

    person_id: Any
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """One family that is like what was asked for; 0 to about 10, more is likelier."""

    family_id: Any
    score: float
    why: tuple[Why, ...] = ()
    reference: bool = False


def similar_names(words: Iterable[str]) -> list[dict[str, How]]:
    """For each word, the names that exist and are like it, itself included; one query for all of them."""
    words = list(words)
    found: list[dict[str, How]] = [{word: How.SAME} for word in words]
    long_enough = [at for at, word in enumerate(words) if len(word) > 1]
    if not long_enough:
        return found
    shared: dict[str, Any] = {}
    near = Q()
    for at in long_enough:
        three, sound = trigrams(words[at]), sounds(words[at])
        steps = [When(part__in=sorted(three), then=Value(1))]
        if sound:
            steps.append(When(part__in=sorted(sound), then=Value(SOUND)))
        shared[f"shared_{at}"] = Coalesce(Sum(If(*steps, default=Value(0), output_field=IntegerField())), 0)
        near |= Q(**{f"shared_{at}__gte": max(2, round(len(three) * SHARED))})
    rows = (
        NamePart.objects.filter(part__in=sorted({part for at in long_enough for part in parts(words[at])}))
        .values("word")
        .annotate(**shared)
        .filter(near)
        .order_by(*(f"-{name}" for name in shared), "word")
        .values_list("word", flat=True)[: MOST_NAMES * len(long_enough)]
    )
    for name in rows:
        for at in long_enough:
            how = likeness(words[at], name)
            if how is not None:
                found[at][name] = how
    return found


def terms_of(asked: asking.Asked) -> list[Term]:
    """What was asked, as terms; the names that exist are looked up here."""
    terms = [
        Term(tuple(NAMES), names, prefix=word)
        for word, names in zip(asked.words, similar_names(asked.words), strict=True)
    ]
    for attribute, (kinds, worth) in KINDS_OF_VALUE.items():
        for value in getattr(asked, attribute, ()):
            text = value.isoformat() if isinstance(value, date) else value
            terms.append(Term(kinds, {text: How.SAME}, worth))
    return terms


def _likeliest_families(user: User, terms: list[Term]) -> list[Any]:
    """Ids of the families in which nearly everything asked for is found, the likeliest first.

    All of one or two things; of three and more, one may be missing: half of what people remember is slightly wrong.
    """
    anything = Q()
    for term in terms:
        anything |= term.condition
    ranks = {f"rank_{at}": term.rank() for at, term in enumerate(terms)}
    total: Any = sum(
        (
            If(When(**{f"{name}__gt": 0.0}, then=Value(1)), default=Value(0), output_field=IntegerField())
            for name in ranks
        ),
        start=Value(0),
    )
    worth: Any = sum((Coalesce(name, 0.0) for name in ranks), start=Value(0.0))
    rows = (
        SearchKey.objects.filter(anything, person__memberships__family__in=Family.objects.visible_to(user))
        .values("person__memberships__family")
        .annotate(**ranks)
        .annotate(met=total, worth=worth)
        .filter(met__gte=len(terms) if len(terms) < 3 else len(terms) - 1)
        .order_by("-met", "-worth", "person__memberships__family")
        .values_list("person__memberships__family", flat=True)
    )
    return list(rows[:MOST_FAMILIES])


REASONS: dict[How, str] = {
    How.SAME: "{what}",
    How.BEGINS: "{what} begins like this",
    How.SOUNDS: "{what} sounds alike",
    How.SPELT: "{what} is spelt alike",
}
WHAT = {
    Kind.FIRST: "name",
    Kind.LAST: "name",
    Kind.KNOWN_AS: "known as",
    Kind.EARLIER: "earlier surname",
    Kind.BORN: "date of birth",
    Kind.DUE: "expected date",
    Kind.NHS: "NHS number",
    Kind.PHONE: "phone",
    Kind.EMAIL: "e-mail",
    Kind.POSTCODE: "postcode",
}


def _answer(term: Term, keys: list[tuple[str, str]]) -> tuple[float, str]:
    """What the best of somebody's keys is worth for a term, and the reason in words."""
    best, reason = 0.0, ""
    for kind, value in keys:
        how = term.how(kind, value)
        if how is None:
            continue
        worth = term.worth * WORTH[how] * (EARLIER_WORTH if kind == Kind.EARLIER else 1)
        if worth > best:
            best, reason = worth, REASONS[how].format(what=WHAT[Kind(kind)])
    return best, reason


def _weigh(family_id: Any, people: dict[Any, list[tuple[str, str]]], terms: list[Term]) -> Found:
    """How like a family is: mostly by its likeliest person; what others of the family answer counts half."""
    answers = {person: [_answer(term, keys) for term in terms] for person, keys in people.items()}
    first = max(answers, key=lambda person: sum(worth for worth, _ in answers[person]))
    score = 0.0
    why: dict[Any, list[str]] = {first: []}
    for at in range(len(terms)):
        worth, reason = answers[first][at]
        who = first
        if not worth:
            who = max(answers, key=lambda person: answers[person][at][0])
            worth, reason = answers[who][at][0] / 2, answers[who][at][1]
        score += worth
        if reason:
            why.setdefault(who, []).append(reason)
    said = tuple(Why(person, tuple(dict.fromkeys(reasons))) for person, reasons in why.items() if reasons)
    return Found(family_id, score, said)


def families(user: User, text: str) -> list[Found]:
    """The families that ``user`` may open and that are like ``text``, the likeliest first; at most 200."""
    asked = asking.read(text)
    found: dict[Any, Found] = {}
    terms = terms_of(asked)
    if terms and (ids := _likeliest_families(user, terms)):
        anything = Q()
        for term in terms:
            anything |= term.condition
        keys: dict[Any, dict[Any, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
        for family_id, person, kind, value in SearchKey.objects.filter(
            anything, person__memberships__family__in=ids
        ).values_list("person__memberships__family", "person", "kind", "value"):
            keys[family_id][person].append((kind, value))
        found = {family_id: _weigh(family_id, people, terms) for family_id, people in keys.items()}
    if asked.reference:
        # Letters carry the reference of a household that was brought into another since.
        gone = Q(memberships__person__merges__gone_reference=asked.reference)
        gone &= Q(memberships__person__merges__undone_at__isnull=True)
        named = Family.objects.visible_to(user).filter(Q(reference=asked.reference) | gone)
        for pk in named.values_list("pk", flat=True).distinct():
            found[pk] = Found(pk, 10.0, reference=True)
    return sorted(found.values(), key=lambda each: -each.score)


def people(user: User, text: str) -> list[Any]:
    """Ids of the people themselves who are like ``text``, from the families that ``user`` may open."""
    return list(dict.fromkeys(why.person_id for found in families(user, text) for why in found.why))


def cases(user: User, found: list[Found]) -> list[Any]:
    """Ids of the cases of these families that ``user`` may open, in their order, open ones before closed ones."""
    rank = {each.family_id: (-each.score, at) for at, each in enumerate(found)}
    rows = Case.objects.visible_to(user).filter(family__in=list(rank))
    return [
        pk
        for *_, pk in sorted(
            (*rank[family], closed or date.min, -opened.toordinal(), str(pk), pk)
            for pk, family, closed, opened in rows.values_list("pk", "family", "closed_on", "opened_on")
        )
    ]
