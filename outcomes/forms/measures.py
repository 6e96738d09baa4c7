"""A measure as a service edits it: plain boxes, one line a thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from families.forms.fields import Line, Prose
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Details, Fieldset
from outcomes.definitions import (
    ABOUT,
    BETTER,
    FROM,
    ITEMS,
    MEAN,
    NO_SCORE,
    PRORATE,
    RESPONDENTS,
    SCORES,
    SUM,
    UP_TO,
    BadDefinition,
    CutOff,
    Definition,
    Item,
    Subscale,
    number,
    written,
)

LONGEST = 20_000
PLAIN = (
    "name",
    "short_name",
    "respondent",
    "about",
    "better",
    "weeks_from",
    "months_from",
    "months_to",
    "rater_training",
    "instruction",
    "reference",
    "licence",
    "note",
)
LINE_OF_ANSWER = re.compile(r"(-?\d+)\s*[=:]\s*(.+)")


class MeasureForm(NhsForm):
    """The whole definition. What is pasted here is the service's own, licensed to it; nothing is guessed."""

    submit_label = "Save as a new version"
    name = Line(label="Its full name", max_length=200)
    short_name = Line(label="What it is called for short", max_length=60)
    respondent = forms.ChoiceField(label="Who answers?", choices=list(RESPONDENTS.items()), widget=forms.RadioSelect)
    about = forms.ChoiceField(label="About whom is it?", choices=list(ABOUT.items()), widget=forms.RadioSelect)
    better = forms.ChoiceField(
        label="Which direction is better?", choices=list(BETTER.items()), widget=forms.RadioSelect
    )
    weeks_from = forms.IntegerField(
        label="From this age of the baby, in weeks",
        required=False,
        min_value=0,
        help_text="Or in months below, as it was published. Leave both empty when no first age is published.",
    )
    months_from = forms.IntegerField(label="From this age of the baby, in months", required=False, min_value=0)
    months_to = forms.IntegerField(label="Up to this age, in months", required=False, min_value=0)
    rater_training = forms.BooleanField(label="Only for people trained in it", required=False)
    scores = Prose(
        label="Its scores",
        max_length=LONGEST,
        help_text="One a line: name | lowest to highest | its questions | reliable change. Only the name is needed. "
        "For example: Total | 0 to 27 | 1-9 | 6. Write “mean” before the questions for an average.",
    )
    cut_offs = Prose(
        label="Cut-offs",
        max_length=LONGEST,
        required=False,
        help_text="One a line: score | from or up to and the figure | what it is called | source. "
        "For example: Total | from 10 | Moderate | Kroenke 2001",
    )
    critical = Prose(
        label="Critical questions",
        max_length=LONGEST,
        required=False,
        help_text="One a line: number | above which figure | highest figure | what it is about, for staff. "
        "For example: 9 | 0 | 3 | Thoughts of self-harm",
    )
    instruction = Line(label="What stands above the questions", max_length=500, required=False)
    questions = Prose(
        label="Questions",
        max_length=LONGEST,
        required=False,
        help_text="The licensed wording, unaltered, one question a line. Leave it empty to write down scores only.",
    )
    answers = Prose(
        label="Answers",
        max_length=LONGEST,
        required=False,
        help_text="One a line, with its figure. For example: 0 = Not at all",
    )
    reversed_items = Line(
        label="Questions scored from the other end", max_length=200, required=False, help_text="For example: 3, 5-10"
    )
    not_applicable = Line(
        label="Questions that may not apply",
        max_length=200,
        required=False,
        help_text="Each with what “does not apply” counts. For example: 1 = 2, 9 = 2",
    )
    most_missing = forms.IntegerField(
        label="How many questions of a score may be left out?",
        min_value=0,
        max_value=20,
        help_text="The average of the others stands in for them. 0: every question has to be answered.",
    )
    reference = Prose(label="Reference", max_length=2000, required=False)
    licence = Prose(label="Licence, as it has to be shown", max_length=4000)
    note = Prose(label="For staff: what to bear in mind", max_length=2000, required=False)
    nouns = {
        "name": "its full name",
        "short_name": "what it is called for short",
        "respondent": "who answers",
        "about": "whom it is about",
        "better": "which direction is better",
        "scores": "at least one score",
        "licence": "its licence",
        "most_missing": "how many questions may be left out",
    }
    looks = {
        "weeks_from": {"width": 3},
        "months_from": {"width": 3},
        "months_to": {"width": 3},
        "most_missing": {"width": 2},
        **{each: {"rows": 4, "count": False} for each in ("scores", "cut_offs", "answers", "licence")},
        **{each: {"rows": 2, "count": False} for each in ("critical", "reference", "note")},
        "questions": {"rows": 8, "count": False},
    }
    layout = [
        Fieldset(
            "What it is",
            "name",
            "short_name",
            "respondent",
            "about",
            "better",
            "weeks_from",
            "months_from",
            "months_to",
        ),
        "rater_training",
        Fieldset("What it comes to", "scores", "cut_offs", "critical"),
        Details(
            "Its questions, where your service is licensed to use them",
            "instruction",
            "questions",
            "answers",
            "reversed_items",
            "not_applicable",
        ),
        "most_missing",
        Fieldset("Where it comes from", "reference", "licence", "note"),
    ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.content = self._content(data)
                Definition.of(self.content)
            except BadDefinition as error:
                raise ValidationError(str(error)) from error
        return data

    def _content(self, data: dict[str, Any]) -> dict[str, Any]:
        questions = _lines(data["questions"])
        reversed_items = numbers_in(data["reversed_items"])
        counts = dict(_pairs(data["not_applicable"]))
        keys = self.initial.get("keys", {})  # a score that keeps its name stays the same score in every version
        if strange := (reversed_items | set(counts)) - set(range(1, len(questions) + 1)):
            raise BadDefinition(f"There is no question {min(strange)}.")
        return {
            **{key: data[key] for key in PLAIN},
            "mode": ITEMS if questions else SCORES,
            "options": [_answer(line) for line in _lines(data["answers"])],
            "items": [
                {"number": n, "text": text, "reversed": n in reversed_items, "not_applicable": counts.get(n)}
                for n, text in enumerate(questions, 1)
            ],
            "subscales": [_subscale(line, keys) for line in _lines(data["scores"])],
            "cut_offs": [_cut_off(line, keys) for line in _lines(data["cut_offs"])],
            "critical": [_critical(line) for line in _lines(data["critical"])],
            "missing": {
                "most": data["most_missing"],
                "then": PRORATE if data["most_missing"] else NO_SCORE,
                "source": self.initial.get("missing_source", ""),
            },
        }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _parts(line: str, least: int, what: str) -> list[str]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) < least or not all(parts[:least]):
        raise BadDefinition(f"“{line}” is not a whole line of {what}.")
    return [*parts, "", "", "", ""]


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,4}", text.strip()):
        raise BadDefinition(f"“{text}” is not a whole number.")
    return int(text)


def numbers_in(text: str) -> set[int]:
    """The questions that "3, 5-10" names. Raises BadDefinition."""
    found: set[int] = set()
    for part in filter(None, re.split(r"[,;\s]+", text.replace("–", "-"))):
        first, _, last = part.partition("-")
        start, end = _whole(first), _whole(last or first)
        found |= set(range(start, end + 1))
    return found


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    for part in filter(None, re.split(r"[,;]", text)):
        first, _, second = part.partition("=")
        yield _whole(first), _whole(second)


def _answer(line: str) -> list[Any]:
    found = LINE_OF_ANSWER.fullmatch(line)
    if not found:
        raise BadDefinition(f"“{line}” is not an answer with its figure, like 0 = Not at all.")
    return [int(found[1]), found[2].strip()]


def _key(name: str, keys: dict[str, str]) -> str:
    return keys.get(name) or slugify(name)[:40] or "score"


def _subscale(line: str, keys: dict[str, str]) -> dict[str, Any]:
    name, span, items, reliable, source = _parts(line, 1, "a score")[:5]
    low, _, high = span.partition(" to ")
    mean = items.startswith(MEAN)
    return {
        "key": _key(name, keys),
        "name": name,
        "low": written(number(low)) if low.strip() else None,
        "high": written(number(high)) if high.strip() else None,
        "how": MEAN if mean else SUM,
        "items": sorted(numbers_in(items.removeprefix(MEAN))),
        "reliable_change": written(number(reliable)) if reliable else None,
        "reliable_source": source,
    }


def _cut_off(line: str, keys: dict[str, str]) -> dict[str, Any]:
    name, where, label, source = _parts(line, 4, "a cut-off")[:4]
    side = UP_TO if where.lower().startswith("up to") else FROM
    figure = re.sub(r"^(from|up to)\s*", "", where, flags=re.IGNORECASE)
    return {"subscale": _key(name, keys), "at": written(number(figure)), "side": side, "label": label, "source": source}


def _critical(line: str) -> dict[str, Any]:
    item, above, high, text = _parts(line, 4, "a critical question")[:4]
    return {"item": _whole(item), "above": _whole(above), "low": 0, "high": _whole(high), "text": text}


# --- The other way: a definition as the boxes show it ---------------------------------------------------------


def as_boxes(definition: Definition) -> dict[str, Any]:
    """A definition as the form shows it."""
    options = definition.items[0].options if definition.items else ()
    names = {each.key: each.name for each in definition.subscales}
    return {
        **{key: getattr(definition, key) for key in PLAIN},
        "scores": "\n".join(map(_subscale_line, definition.subscales)),
        "cut_offs": "\n".join(_cut_off_line(each, names) for each in definition.cut_offs),
        "critical": "\n".join(
            f"{each.item} | {each.above} | {each.high} | {each.text}" for each in definition.critical
        ),
        "questions": "\n".join(item.text for item in definition.items),
        "answers": "\n".join(f"{option.value} = {option.label}" for option in options),
        "reversed_items": ", ".join(str(item.number) for item in definition.items if item.reversed),
        "not_applicable": ", ".join(_not_applicable(definition.items)),
        "most_missing": definition.missing.most,
        "keys": {name: key for key, name in names.items()},
        "missing_source": definition.missing.source,
    }


def _subscale_line(each: Subscale) -> str:
    span = " to ".join(written(end) for end in (each.low, each.high) if end is not None)
    items = ("mean " if each.how == MEAN else "") + ", ".join(map(str, each.items))
    reliable = written(each.reliable_change) if each.reliable_change is not None else ""
    return " | ".join((each.name, span, items, reliable, each.reliable_source)).rstrip(" |")


def _cut_off_line(each: CutOff, names: dict[str, str]) -> str:
    side = "from" if each.side == FROM else "up to"
    return f"{names[each.subscale]} | {side} {written(each.at)} | {each.label} | {each.source}"


def _not_applicable(items: tuple[Item, ...]) -> Iterator[str]:
    return (f"{item.number} = {item.not_applicable}" for item in items if item.not_applicable is not None)


class UseForm(NhsForm):
    """Whether a measure is used, and how."""

    submit_label = "Save how it is used"
    active = forms.BooleanField(label="Our service uses this measure", required=False)
    critical_by_link = forms.BooleanField(
        label="It may go by link although it asks about harm",
        required=False,
        help_text="Nobody reads the answers at once. It says so before the first question, shows where help is after "
        "an answer that worries, and tells whoever is on duty. Decide this with your clinical safety officer.",
    )
