"""What a measure is: plain data, checked once, and understood by scoring, forms and pages alike.

A definition is kept as JSON in the database, so that a service can edit it; ``Definition.of`` turns that into these
dataclasses and refuses what does not hang together. Nothing here knows a family or a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

CAREGIVER, STAFF, RATER = "caregiver", "staff", "rater"
RESPONDENTS = {
    CAREGIVER: "The caregiver answers",
    STAFF: "A practitioner judges",
    RATER: "A trained rater scores a film or an observation",
}
ABOUT_CAREGIVER, ABOUT_INFANT, ABOUT_PAIR = "caregiver", "infant", "pair"
ABOUT = {
    ABOUT_CAREGIVER: "The caregiver",
    ABOUT_INFANT: "The infant",
    ABOUT_PAIR: "The caregiver and the infant together",
}
LOWER, HIGHER, NEITHER = "lower", "higher", "neither"
BETTER = {LOWER: "Lower is better", HIGHER: "Higher is better", NEITHER: "Neither end is better"}
ITEMS, SCORES = "items", "scores"
MODES = {ITEMS: "Every question with its wording", SCORES: "Scores only"}
SUM, MEAN = "sum", "mean"
PRORATE, NO_SCORE = "prorate", "no_score"
FROM, UP_TO = "from", "up_to"
NOT_APPLICABLE = "na"
WEEKS_IN_A_MONTH = 52.18 / 12


class BadDefinition(ValueError):
    """A definition that does not hang together; the message says what to mend."""


def number(value: Any) -> Decimal:
    """A figure of a definition or an answer as an exact number."""
    if isinstance(value, bool):
        raise BadDefinition("A number is needed.")
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        raise BadDefinition(f"“{value}” is not a number.") from None
    if not found.is_finite():
        raise BadDefinition(f"“{value}” is not a number.")
    return found


def written(value: Decimal) -> str:
    """A number as people write it: 12, 3.5."""
    return f"{value.normalize():f}" if value else "0"


@dataclass(frozen=True)
class Option:
    """One answer that may be chosen, and the figure that stands for it."""

    value: int
    label: str


@dataclass(frozen=True)
class Item:
    """One question. ``reversed``: scored from the other end. ``not_applicable``: what that answer counts."""

    number: int
    text: str
    options: tuple[Option, ...]
    reversed: bool = False
    not_applicable: int | None = None

    @property
    def low(self) -> int:
        return min(option.value for option in self.options)

    @property
    def high(self) -> int:
        return max(option.value for option in self.options)

    def label_of(self, answer: int | str | None) -> str:
        """The words of an answer."""
        if answer is None:
            return "Not answered"
        if answer == NOT_APPLICABLE:
            return "Does not apply"
        return next((option.label for option in self.options if option.value == answer), str(answer))


@dataclass(frozen=True)
class Subscale:
    """One score: which items it counts, its range (None where none is published), what change is reliable."""

    key: str
    name: str
    items: tuple[int, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    how: str = SUM
    reliable_change: Decimal | None = None  # points; a change of this size or more is more than chance
    reliable_source: str = ""

    @property
    def range_in_words(self) -> str:
        if self.low is None or self.high is None:
            return ""
        return f"{written(self.low)} to {written(self.high)}"


@dataclass(frozen=True)
class CutOff:
    """A published line. ``side``: scores *from* it upwards, or *up to* it, are called ``label``."""

    subscale: str
    at: Decimal
    side: str
    label: str
    source: str

    @property
    def in_words(self) -> str:
        return f"{self.label}: {written(self.at)} {'or more' if self.side == FROM else 'or less'}"


@dataclass(frozen=True)
class CriticalItem:
    """A question whose answer is acted on the same day when it is ``above`` this figure. ``text`` is for staff."""

    item: int
    above: int
    text: str
    low: int = 0
    high: int = 3


@dataclass(frozen=True)
class Missing:
    """How many items of a subscale may be left out, and what is done then."""

    most: int = 0
    then: str = NO_SCORE
    source: str = ""

    @property
    def in_words(self) -> str:
        if not self.most or self.then == NO_SCORE:
            return "Every question has to be answered for a score."
        questions = "one question" if self.most == 1 else f"up to {self.most} questions"
        return f"With {questions} left out, the average of the others stands in for them; with more there is no score."


@dataclass(frozen=True)
class Definition:
    """A measure in one version."""

    name: str
    short_name: str
    respondent: str
    about: str
    better: str
    mode: str
    subscales: tuple[Subscale, ...]
    instruction: str = ""
    items: tuple[Item, ...] = ()
    missing: Missing = Missing()
    cut_offs: tuple[CutOff, ...] = ()
    critical: tuple[CriticalItem, ...] = ()
    weeks_from: int | None = None  # the infant's age: in weeks or in months, as it was published
    months_from: int | None = None
    months_to: int | None = None
    reference: str = ""
    licence: str = ""
    note: str = ""  # for staff: what to bear in mind
    rater_training: bool = False

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Definition:
        """The definition that JSON describes. Raises BadDefinition with what to mend."""
        try:
            found = cls._read(data)
        except (KeyError, TypeError, AttributeError) as error:
            raise BadDefinition(f"Something is missing in the definition: {error}.") from error
        found._check()
        return found

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> Definition:
        common = _options(data.get("options", ()))
        items = tuple(
            Item(
                number=int(each["number"]),
                text=str(each["text"]),
                options=_options(each.get("options", ())) or common,
                reversed=bool(each.get("reversed", False)),
                not_applicable=_whole(each.get("not_applicable")),
            )
            for each in data.get("items", ())
        )
        subscales = tuple(
            Subscale(
                key=str(each["key"]),
                name=str(each["name"]),
                items=tuple(int(one) for one in each.get("items", ())),
                low=_figure(each.get("low")),
                high=_figure(each.get("high")),
                how=str(each.get("how", SUM)),
                reliable_change=_figure(each.get("reliable_change")),
                reliable_source=str(each.get("reliable_source", "")),
            )
            for each in data["subscales"]
        )
        cut_offs = tuple(
            CutOff(
                str(each["subscale"]), number(each["at"]), str(each["side"]), str(each["label"]), str(each["source"])
            )
            for each in data.get("cut_offs", ())
        )
        critical = tuple(
            CriticalItem(
                item=int(each["item"]),
                above=int(each["above"]),
                text=str(each["text"]),
                low=int(each.get("low", 0)),
                high=int(each.get("high", 3)),
            )
            for each in data.get("critical", ())
        )
        left_out = data.get("missing") or {}
        return cls(
            name=str(data["name"]),
            short_name=str(data["short_name"]),
            respondent=str(data["respondent"]),
            about=str(data["about"]),
            better=str(data["better"]),
            mode=str(data["mode"]),
            subscales=subscales,
            instruction=str(data.get("instruction", "")),
            items=items,
            missing=Missing(
                int(left_out.get("most", 0)), str(left_out.get("then", NO_SCORE)), str(left_out.get("source", ""))
            ),
            cut_offs=cut_offs,
            critical=critical,
            weeks_from=_whole(data.get("weeks_from")),
            months_from=_whole(data.get("months_from")),
            months_to=_whole(data.get("months_to")),
            reference=str(data.get("reference", "")),
            licence=str(data.get("licence", "")),
            note=str(data.get("note", "")),
            rater_training=bool(data.get("rater_training", False)),
        )

    def _check(self) -> None:
        for value, known, what in (
            (self.respondent, RESPONDENTS, "who answers"),
            (self.about, ABOUT, "whom it is about"),
            (self.better, BETTER, "which direction is better"),
            (self.mode, MODES, "whether it has its questions"),
            (self.missing.then, (PRORATE, NO_SCORE), "what happens when answers are missing"),
        ):
            if value not in known:
                raise BadDefinition(f"Say {what}.")
        if not self.name.strip() or not self.short_name.strip():
            raise BadDefinition("A measure needs its name and its short name.")
        if len(self.short_name) > 60:
            raise BadDefinition("The short name must have 60 letters at most.")
        self._check_items()
        keys = [subscale.key for subscale in self.subscales]
        if not keys or len(set(keys)) != len(keys):
            raise BadDefinition("A measure needs at least one score, each with a name of its own.")
        for subscale in self.subscales:
            self._check_subscale(subscale)
        for cut_off in self.cut_offs:
            if cut_off.subscale not in keys:
                raise BadDefinition(f"The cut-off “{cut_off.label}” belongs to no score of this measure.")
            if cut_off.side not in (FROM, UP_TO):
                raise BadDefinition(f"The cut-off “{cut_off.label}” needs “from” or “up to”.")
            if not cut_off.source.strip():
                raise BadDefinition(f"The cut-off “{cut_off.label}” needs its source.")
        self._check_ages()

    def _check_ages(self) -> None:
        if self.weeks_from is not None and self.months_from is not None:
            raise BadDefinition("Say the age from which it is used in weeks or in months, and not in both.")
        begins = self.months_from if self.weeks_from is None else self.weeks_from / WEEKS_IN_A_MONTH
        if begins is not None and self.months_to is not None and begins > self.months_to:
            raise BadDefinition("The age from which it is used must not be above the age up to which it is.")

    def _check_items(self) -> None:
        numbers = [item.number for item in self.items]
        if numbers != list(range(1, len(numbers) + 1)):
            raise BadDefinition("The questions must be numbered 1, 2, 3 and so on.")
        for item in self.items:
            values = [option.value for option in item.options]
            if len(values) < 2 or len(set(values)) != len(values):
                raise BadDefinition(f"Question {item.number} needs at least two answers with figures of their own.")
        if self.mode == ITEMS and not self.items:
            raise BadDefinition("Without the wording of its questions this measure can only be used with scores.")
        for critical in self.critical:
            if self.mode == ITEMS and critical.item not in numbers:
                raise BadDefinition(f"The critical question {critical.item} is not one of its questions.")
            if not critical.low <= critical.above < critical.high:
                raise BadDefinition(f"No answer to the critical question {critical.item} could be above its figure.")

    def _check_subscale(self, subscale: Subscale) -> None:
        if not subscale.name.strip():
            raise BadDefinition("Each score needs a name.")
        if subscale.how not in (SUM, MEAN):
            raise BadDefinition(f"“{subscale.name}” must be a sum or a mean.")
        if subscale.low is not None and subscale.high is not None and subscale.low >= subscale.high:
            raise BadDefinition(f"The lowest figure of “{subscale.name}” must be below the highest.")
        if self.mode == ITEMS:
            unknown = set(subscale.items) - {item.number for item in self.items}
            if not subscale.items or unknown:
                raise BadDefinition(f"“{subscale.name}” must count questions that are there.")
        if subscale.reliable_change is not None and subscale.reliable_change <= 0:
            raise BadDefinition(f"The reliable change of “{subscale.name}” must be above 0.")

    def subscale(self, key: str) -> Subscale:
        return next(subscale for subscale in self.subscales if subscale.key == key)

    def item(self, number: int) -> Item | None:
        return next((item for item in self.items if item.number == number), None)

    def lines_of(self, key: str) -> tuple[CutOff, ...]:
        """The cut-offs of one score, lowest first."""
        return tuple(sorted((each for each in self.cut_offs if each.subscale == key), key=lambda each: each.at))

    @property
    def sources(self) -> tuple[str, ...]:
        """Where its lines and rules come from, each once."""
        said = [each.source for each in self.cut_offs] + [each.reliable_source for each in self.subscales]
        return tuple(dict.fromkeys(source for source in [*said, self.missing.source] if source))

    @property
    def age_in_words(self) -> str:
        begins = "" if self.weeks_from is None else f"{self.weeks_from} {'week' if self.weeks_from == 1 else 'weeks'}"
        if self.months_to is None:
            if self.months_from is not None:
                begins = f"{self.months_from} months"
            return f"from {begins}" if begins else ""
        if begins:
            return f"{begins} to {self.months_to} months"
        if self.months_from is None:
            return f"up to {self.months_to} months"
        return f"{self.months_from} to {self.months_to} months"

    def fits_age(self, *, weeks: int, months: int) -> bool:
        """Whether an infant of so many completed weeks, which are so many completed months, is within the published
        ages."""
        return (
            (self.weeks_from is None or weeks >= self.weeks_from)
            and (self.months_from is None or months >= self.months_from)
            and (self.months_to is None or months <= self.months_to)
        )


def _options(given: Iterable[Any]) -> tuple[Option, ...]:
    return tuple(Option(int(value), str(label)) for value, label in given)


def _figure(value: Any) -> Decimal | None:
    return None if value is None or value == "" else number(value)


def _whole(value: Any) -> int | None:
    return None if value is None or value == "" else int(value)


def as_data(definition: Definition) -> dict[str, Any]:
    """The JSON of a definition; ``Definition.of`` reads it back the same."""

    def plain(value: Any) -> Any:
        if isinstance(value, Decimal):
            return written(value)
        if isinstance(value, Mapping):
            return {key: plain(one) for key, one in value.items()}
        if isinstance(value, tuple | list):
            return [plain(one) for one in value]
        return value

    data = plain(asdict(definition))
    for item in data["items"]:
        item["options"] = [[option["value"], option["label"]] for option in item["options"]]
    return data
