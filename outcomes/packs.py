"""What the copy of somebody's record says of their questions, goals and scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from families.models import Case, Person
from families.packs.registry import PackEntry, PackSource, unless_hidden
from families.packs.sources import THIRD_PARTY, hidden_in
from outcomes.models import GoalRating, GoalWording, HelpingQuestionRating, HelpingQuestionWording, Score


def questions(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Helping questions in every wording, and how far the person felt they had come."""
    wordings = HelpingQuestionWording.objects.filter(question__case__in=cases).select_related("recorded_by")
    for each in wordings.filter(Q(question__whose=who) | Q(question__whose__isnull=True)):
        yield PackEntry(str(each.pk), "Helping question", at=each.recorded_at, text=each.text, by=each.recorded_by.name)
    for rating in HelpingQuestionRating.objects.filter(rated_by=who).select_related("wording"):
        yield PackEntry(
            str(rating.pk),
            "How far you felt you had come",
            at=rating.at,
            text=rating.wording.text,
            facts={"From 0 to 10": str(rating.value)},
        )


def goals(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Goals in every wording, and the ratings that the person gave."""
    wordings = GoalWording.objects.filter(goal__case__in=cases).select_related("recorded_by")
    for each in wordings.filter(Q(goal__whose=who) | Q(goal__whose__isnull=True)):
        yield PackEntry(str(each.pk), "Goal", at=each.recorded_at, text=each.text, by=each.recorded_by.name)
    for rating in GoalRating.objects.standing().filter(rated_by=who).select_related("wording"):
        yield PackEntry(
            str(rating.pk),
            "How near the goal was",
            at=rating.at,
            text=rating.wording.text,
            facts={"From 0 to 10": str(rating.value)},
        )


def scores(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Questionnaires that the person answered, or that are about them, with each answer."""
    rows = Score.objects.filter(case__in=cases, struck_at__isnull=True)
    rows = rows.filter(Q(respondent=who) | Q(about_caregiver=who) | Q(about_infant=who))
    hidden = hidden_in(who, cases)
    for each in rows.select_related("version", "recorded_by", "rater", "respondent").prefetch_related("values"):
        facts = {f"Question {number}": str(answer) for number, answer in each.answers.items() if answer is not None}
        facts |= {value.key.capitalize(): f"{value.value:g}" for value in each.values.all() if value.value is not None}
        yield PackEntry(
            str(each.pk),
            str(each.version.short_name),
            at=each.completed_on,
            by=each.rater.name if each.rater else "",
            facts={"How": each.get_way_display()} | facts,
            **unless_hidden(
                hidden.hides(each.respondent_id) or hidden.hides(each.about_caregiver_id),
                THIRD_PARTY if each.respondent_id not in (None, who.pk) else "",
            ),
        )


SOURCES = (
    PackSource("questions", "Your helping questions", questions, 40),
    PackSource("goals", "Goals", goals, 42),
    PackSource("scores", "Questionnaires", scores, 44),
)
