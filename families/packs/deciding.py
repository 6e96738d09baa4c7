"""What the copy of somebody's record says of their agreement: decisions, what was signed, whether they could decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from families.models import Ability, Case, Consent, ConsentPaper, Person, Signature
from families.packs.registry import PackEntry, PackFile, PackSource, unless_hidden
from families.packs.telling import THIRD_PARTY, facts_of, hidden_in


def consents(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What the person decided, for themselves or for a child, and what was decided for them."""
    decisions = Consent.objects.filter(Q(person=who) | Q(decided_by=who)).distinct()
    for each in decisions.select_related("person", "decided_by", "recorded_by", "wording"):
        about = "you" if each.person_id == who.pk else each.person.short_name
        decided = each.decided_by.short_name if each.decided_by else each.decided_by_name
        yield PackEntry(
            str(each.pk),
            f"{each.get_decision_display()}, for {about}: {each.get_purpose_display()}",
            at=each.decided_at,
            text=each.wording.text,
            by=each.recorded_by.name,
            facts={"Who decided": decided} | facts_of(each, {"purpose", "decision", "decided_by_name", "decided_at"}),
        )


def evidence(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What the person signed on our screen, and the papers that were signed by them or for them."""
    hidden = hidden_in(who, cases)
    for each in Signature.objects.filter(signed_by=who, case__in=cases).select_related("present"):
        picture = (PackFile(each.picture, "signature.png", each.picture_sha256),) if each.picture else ()
        yield PackEntry(
            f"signature-{each.pk}",
            "You signed on our screen",
            at=each.signed_at,
            by=each.present.name,
            facts={"Name typed": each.typed_name} if each.typed_name else {},
            files=picture,
        )
    theirs = Q(decisions__person=who) | Q(decisions__decided_by=who)
    papers = ConsentPaper.objects.filter(theirs, case__in=cases).distinct()
    for paper in papers.select_related("added_by").prefetch_related("decisions"):
        others = {pk for each in paper.decisions.all() for pk in (each.person_id, each.decided_by_id)} - {who.pk, None}
        yield PackEntry(
            f"paper-{paper.pk}",
            f"A signed paper: {paper.name}",
            at=paper.added_at,
            by=paper.added_by.name,
            # A paper that several signed shows what each of them wrote on it.
            **unless_hidden(any(hidden.hides(pk) for pk in others), THIRD_PARTY if others else ""),
            files=(PackFile(paper.stored, paper.name, paper.sha256),),
        )


def abilities(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Whether the person was found able to decide for themselves, and why."""
    for each in Ability.objects.filter(person=who).select_related("recorded_by"):
        yield PackEntry(
            str(each.pk),
            f"Deciding for yourself: {each.get_purpose_display()}",
            at=each.found_on,
            text=each.reasons,
            by=each.found_by,
            facts={"Found": each.get_finding_display()},
        )


SOURCES = (
    PackSource("consents", "What you agreed to", consents, 30, tells=(Consent,)),
    PackSource("evidence", "What you signed", evidence, 32, tells=(Signature, ConsentPaper)),
    PackSource("abilities", "Whether you decide for yourself", abilities, 34, tells=(Ability,)),
)
