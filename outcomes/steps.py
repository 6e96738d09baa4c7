"""A questionnaire as somebody meets it: one question at a time, each of which may be skipped.

The same steps on our tablet and by link. Nothing here is scored or shown to staff; ``actions.askings`` does that.
"""

from __future__ import annotations

from dataclasses import dataclass

from families.protection import hidden_from
from outcomes import experience
from outcomes.definitions import NOT_APPLICABLE
from outcomes.models import Asking, Goal

CHOICES, NUMBERS, WORDS = "choices", "numbers", "words"


@dataclass(frozen=True)
class Step:
    """One question. ``choices`` are (posted value, words); of ``words`` there are none."""

    key: str
    text: str
    kind: str = CHOICES
    choices: tuple[tuple[str, str], ...] = ()
    lead: str = ""
    hint: str = ""

    def accepts(self, value: str) -> bool:
        """Whether this is an answer to it."""
        if self.kind == WORDS:
            return len(value) <= experience.LONGEST
        return value in {known for known, _ in self.choices}


NUMBERED = tuple((str(number), str(number)) for number in range(11))


def steps_of(asking: Asking) -> list[Step]:
    """The questions of this questionnaire, in their order."""
    if asking.what == Asking.What.MEASURE:
        return _of_measure(asking)
    if asking.what == Asking.What.GOALS:
        return _of_goals(asking)
    return _of_experience()


def _of_measure(asking: Asking) -> list[Step]:
    if asking.version is None:
        return []
    definition = asking.version.definition
    steps = []
    for item in definition.items:
        choices = [(str(option.value), option.label) for option in item.options]
        if item.not_applicable is not None:
            choices.append((NOT_APPLICABLE, "Does not apply"))
        steps.append(Step(str(item.number), item.text, CHOICES, tuple(choices), definition.instruction))
    return steps


def _of_goals(asking: Asking) -> list[Step]:
    """The goals that are open now: theirs, and those that are everybody's."""
    found = []
    # On our tablet others of the family may look on; a link is read by whom it was given to.
    reader = asking.person if asking.way == Asking.Way.LINK else None
    hidden = hidden_from(reader, asking.case.family)
    for goal in Goal.objects.open().filter(case=asking.case_id).prefetch_related("wordings"):
        if goal.whose_id in (None, asking.person_id):
            wording = list(goal.wordings.all())[-1]
            found.append(
                Step(
                    goal.pk.hex,
                    f"“{hidden.veil(wording.text)}”",
                    NUMBERS,
                    NUMBERED,
                    "How near do you feel to this?",
                    "0 means not begun, 10 means all the way there.",
                )
            )
    return found


def _of_experience() -> list[Step]:
    answers = tuple((str(figure), words) for figure, words in experience.ANSWERS.items())
    steps = [Step(key, text, CHOICES, answers) for key, text in experience.STATEMENTS.items()]
    return [
        *steps,
        Step("best", experience.BEST, WORDS),
        Step("better", experience.BETTER, WORDS),
        Step(
            "named",
            "May the person you worked with see whose answers these are?",
            CHOICES,
            (("no", "No, keep my name off them"), ("yes", "Yes, they may see that they are mine")),
            hint="If you skip this, your name is kept off them.",
        ),
    ]
