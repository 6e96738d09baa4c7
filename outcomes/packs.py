"""What the copy of somebody's record says of their questions, goals and scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from families.models import Case, Person
from families.packs.registry import PackEntry, PackSource, unless_hidden
from families.packs.telling import STRUCK, THIRD_PARTY, facts_of, hidden_in
from outcomes.definitions import Definition, written
from outcomes.experience import ANSWERS, STATEMENTS
from outcomes.models import (
    Asking,
    CriticalAnswer,
    Experience,
    Goal,
    GoalRating,
    GoalWording,
    HelpingQuestion,
    HelpingQuestionRating,
    HelpingQuestionWording,
    Score,
    ScoreValue,
)


def questions(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Helping questions in every wording, and how far the person felt they had come."""
    wordings = HelpingQuestionWording.objects.filter(question__case__in=cases).select_related("recorded_by")
    for each in wordings.filter(Q(question__whose=who) | Q(question__whose__isnull=True)):
        yield PackEntry(str(each.pk), "Helping question", at=each.recorded_at, text=each.text, by=each.recorded_by.name)
    for rating in HelpingQuestionRating.objects.filter(rated_by=who, wording__question__case__in=cases).select_related(
        "wording"
    ):
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
        yield PackEntry(
            str(each.pk),
            "Goal",
            at=each.recorded_at,
            text=each.text,
            by=each.recorded_by.name,
            facts={"Why it was put in other words": each.reason} if each.reason else {},
        )
    ended = Goal.objects.filter(Q(whose=who) | Q(whose__isnull=True), case__in=cases, ended_at__isnull=False)
    for goal in ended:
        title = f"A goal ended: {goal.get_ended_display().lower()}"
        yield PackEntry(f"ended-{goal.pk}", title, at=goal.ended_at, text=goal.ended_why)
    for rating in GoalRating.objects.filter(rated_by=who, wording__goal__case__in=cases).select_related("wording"):
        yield PackEntry(
            str(rating.pk),
            "How near the goal was",
            at=rating.at,
            text=rating.wording.text,
            facts={"From 0 to 10": str(rating.value)} | _struck(rating),
            withhold=STRUCK if rating.struck_at else "",
        )


def _struck(row: GoalRating | Score) -> dict[str, str]:
    return {"Struck out": row.struck_why} if row.struck_at else {}


def _answer(definition: Definition, number: int, answer: int | str | None) -> str:
    """An answer in the words of the questionnaire, with its figure; the figure alone where its wording is not kept."""
    item = definition.item(number)
    if item is None:
        return str(answer)
    words = item.label_of(answer)
    return words if words == str(answer) or not isinstance(answer, int) else f"{words} ({answer})"


def _answers(score: Score) -> dict[str, str]:
    definition = score.version.definition
    return {
        f"{number}. {item.text}" if (item := definition.item(number)) else f"Question {number}": _answer(
            definition, number, answer
        )
        for number, answer in score.answered.items()
        if answer is not None
    }


def _figures(score: Score) -> dict[str, str]:
    names = {each.key: each.name for each in score.version.definition.subscales}
    return {names.get(each.key, each.key): written(each.value) for each in score.values.all() if each.value is not None}


def scores(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """Questionnaires that the person answered, or that are about them, with each answer."""
    rows = Score.objects.filter(case__in=cases)
    rows = rows.filter(Q(respondent=who) | Q(about_caregiver=who) | Q(about_infant=who))
    hidden = hidden_in(who, cases)
    for each in rows.select_related("version", "recorded_by", "rater", "respondent").prefetch_related("values"):
        facts = _answers(each) | _figures(each)
        why = STRUCK if each.struck_at else ""
        yield PackEntry(
            str(each.pk),
            str(each.version.short_name),
            at=each.completed_on,
            by=each.rater.name if each.rater else "",
            facts={"How": each.get_way_display()}
            | ({"Used outside its ages": each.outside_ages_why} if each.outside_ages_why else {})
            | facts
            | _struck(each),
            **unless_hidden(
                hidden.hides(each.respondent_id) or hidden.hides(each.about_caregiver_id),
                THIRD_PARTY if each.respondent_id not in (None, who.pk) else why,
            ),
        )
    for answer in CriticalAnswer.objects.filter(case__in=cases, person=who).select_related("version", "acted_by"):
        yield PackEntry(
            f"critical-{answer.pk}",
            f"An answer that we acted on: {answer.version.short_name}, question {answer.item}",
            at=answer.raised_at,
            text=answer.acted,
            by=answer.acted_by.name if answer.acted_by else "",
            facts={"Answer": _answer(answer.version.definition, answer.item, answer.value)},
        )


def askings(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What the person was asked to answer in their own hand. Answers that were not sent stay unread by anybody."""
    elsewhere = {"what", "asked_at", "answers", "put_away", "token_hash", "occasion_id", "expires_at"}
    for each in Asking.objects.filter(case__in=cases, person=who).select_related("version", "asked_by"):
        yield PackEntry(
            str(each.pk),
            f"We asked you to answer: {each.title}",
            at=each.asked_at,
            by=each.asked_by.name,
            facts=facts_of(each, elsewhere),
        )


def experiences(who: Person, cases: Sequence[Case]) -> Iterator[PackEntry]:
    """What was said about the service with the family's name to it; without the name nobody can say whose it was."""
    for each in Experience.objects.filter(case__in=cases):
        asked = Asking.objects.filter(case=each.case, what=Asking.What.EXPERIENCE, done_at__isnull=False)
        theirs = set(asked.values_list("person", flat=True)) == {who.pk}
        yield PackEntry(
            str(each.pk),
            "How you found our service",
            at=each.month,
            text="\n".join(said for said in (each.best, each.better) if said),
            facts={STATEMENTS.get(key, key): ANSWERS.get(value, str(value)) for key, value in each.answers.items()},
            withhold="" if theirs else THIRD_PARTY,
        )


SOURCES = (
    PackSource(
        "questions",
        "Your helping questions",
        questions,
        40,
        tells=(HelpingQuestion, HelpingQuestionWording, HelpingQuestionRating),
    ),
    PackSource("goals", "Goals", goals, 42, tells=(Goal, GoalWording, GoalRating)),
    PackSource("scores", "Questionnaires", scores, 44, tells=(Score, ScoreValue, CriticalAnswer)),
    PackSource("askings", "What we asked you to answer", askings, 46, tells=(Asking,)),
    PackSource("experiences", "What you said about us", experiences, 48, tells=(Experience,)),
)
