"""What somebody wrote, read through the questions: which pages there are, which are finished, what they say.

The same for a draft and for a referral as it was sent: ``Written(door, typed)``. ``typed`` is

    {"steps": {"babies": {"1": {"first_name": ["Robin"], …}, "3": {…}}, …}, "done": ["children", …], "anyway": true}

A number is of one item for ever: Back and a second send write the same item again, and never another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.datastructures import MultiValueDict

from families.ages import age_in_words, due_in_words
from referrals.models import Door
from referrals.questions import QuestionForm, Step, step_of, steps_for
from referrals.questions.steps import DECLARATION

Raw = dict[str, list[str]]
LIST = 0  # the page on which the items of a step stand under one another


@dataclass(frozen=True)
class Page:
    """One page of the form: a step, and which of its items; ``LIST`` for the page of all of them."""

    step: Step
    item: int = 1

    @property
    def is_list(self) -> bool:
        return self.item == LIST


@dataclass(frozen=True)
class Row:
    """One question with its answer in words."""

    name: str
    question: str
    answer: str
    page: Page


@dataclass(frozen=True)
class Section:
    """What was said on one page. ``ordinal``: the first, second … of its kind; 0 where there is only one kind."""

    page: Page
    heading: str
    rows: tuple[Row, ...]
    finished: bool


class Written:
    """Everything that was typed at a door."""

    def __init__(self, door: str, typed: Mapping[str, Any]) -> None:
        self.door = door
        self.typed = typed
        self.steps = steps_for(door)
        self._forms: dict[tuple[str, int], QuestionForm] = {}

    # --- as it was typed ---

    def raw(self, key: str, item: int = 1) -> Raw | None:
        """What was posted for an item; None when nothing was yet."""
        return self.typed.get("steps", {}).get(key, {}).get(str(item))

    def numbers(self, step: Step) -> list[int]:
        """The items of a step that repeats, in the order in which they were begun."""
        return sorted(int(number) for number in self.typed.get("steps", {}).get(step.key, {}))

    def next_number(self, step: Step) -> int:
        """The number of an item that is not there yet: never one that was given before."""
        given = int(self.typed.get("given", {}).get(step.key, 0))
        return max([given, *self.numbers(step)]) + 1

    def is_done(self, key: str) -> bool:
        """Whether somebody went on from a page that asks for nothing."""
        return key in self.typed.get("done", [])

    @property
    def asked_anyway(self) -> bool:
        return bool(self.typed.get("anyway"))

    # --- through the questions ---

    def form(self, page: Page) -> QuestionForm:
        """The form of a page with what was typed in it; before that, with what an earlier page said already."""
        known = self._forms.get((page.step.key, page.item))
        if known is None:
            kind, raw = page.step.form_for(self.door), self.raw(page.step.key, page.item)
            if raw is not None:
                known = kind(MultiValueDict(raw), door=self.door, item=page.item)
            else:
                known = kind(door=self.door, item=page.item, initial=self._known_already(page))
            self._forms[page.step.key, page.item] = known
        return known

    def _known_already(self, page: Page) -> dict[str, Any]:
        if page.step.key == "babies" and page.item == 1:
            start = self.said_at("start")
            return {name: start[name] for name in ("born", "born_on", "expected_on") if start.get(name)}
        return {}

    def said_at(self, key: str, item: int = 1) -> dict[str, Any]:
        """The cleaned answers of a page, as far as they are understood; empty before it was reached."""
        step = step_of(key, self.door)
        if step is None or self.raw(key, item) is None:
            return {}
        form = self.form(Page(step, item))
        form.errors  # noqa: B018 - cleans
        return form.cleaned_data

    def finished(self, page: Page) -> bool:
        """Whether a page asks for nothing more."""
        if page.is_list:
            return self.is_done(page.step.key)
        if page.step.key == "files":
            return self.is_done("files")
        return self.raw(page.step.key, page.item) is not None and self.form(page).is_valid()

    @cached_property
    def pages(self) -> list[Page]:
        """Every page that this door asks, in order, the items that there are among them."""
        return list(self._pages())

    def _pages(self) -> Iterator[Page]:
        for step in self.steps:
            if step.of:
                continue
            if not step.repeats:
                yield Page(step)
                continue
            following = [each for each in self.steps if each.of == step.key]
            for number in self.numbers(step) or ([1] if step.at_least(self.door) else []):
                yield Page(step, number)
                yield from (Page(each, number) for each in following)
            yield Page(step, LIST)

    def page(self, key: str, item: int | None) -> Page | None:
        """The page of an address; None where there can be none. A further item may be begun while there is room."""
        step = step_of(key, self.door)
        if step is None or step is DECLARATION:
            return None
        if not step.numbered:
            return Page(step) if item is None else None
        if item is None:
            return Page(step, LIST) if step.repeats else None
        parent = step_of(step.of, self.door) if step.of else step
        if parent is None:
            return None
        numbers = self.numbers(parent)
        may_begin = step is parent and len(numbers) < step.most and item == self.next_number(step)
        first = not numbers and item == 1 and step.at_least(self.door) > 0
        return Page(step, item) if item in numbers or may_begin or first else None

    def after(self, page: Page) -> Page | None:
        """The page that follows; None when that is check answers."""
        at = self.pages.index(page) + 1
        return self.pages[at] if at < len(self.pages) else None

    def before(self, page: Page) -> Page | None:
        """The page to which Back leads; None from the first."""
        if page not in self.pages:  # an item that is only being begun
            return Page(page.step, LIST)
        at = self.pages.index(page)
        return self.pages[at - 1] if at else None

    def shut_at(self, page: Page) -> Page | None:
        """The first gate before a page that is not passed yet."""
        for each in self.pages:
            if each == page or not each.step.gate:
                return None
            if not self.finished(each):
                return each
        return None

    def unfinished(self) -> list[Page]:
        return [page for page in self.pages if not self.finished(page)]

    def name_of(self, step: Step, number: int) -> str:
        """What an item is called in a list: a name, else "Baby 2"."""
        of = step_of(step.of, self.door) if step.of else step
        if of is None:
            return ""
        said = self.said_at(of.key, number)
        numbers = self.numbers(of)
        ordinal = numbers.index(number) + 1 if number in numbers else len(numbers) + 1
        name = said.get("known_as") or said.get("first_name") or said.get("name") or said.get("organisation")
        return str(name or f"{of.one[:1].upper()}{of.one[1:]} {ordinal}")

    def line_of(self, step: Step, number: int) -> str:
        """What stands behind the name in a list: an age, a due date, who they are."""
        said = self.said_at(step.key, number)
        if born := said.get("born_on"):
            return age_in_words(born)
        if expected := said.get("expected_on"):
            return due_in_words(expected)
        return ""

    def section(self, page: Page) -> Section:
        """One page in words, whether or not it is finished."""
        if self.raw(page.step.key, page.item) is None:
            rows: tuple[Row, ...] = ()
        else:
            rows = tuple(Row(name, asked, answer, page) for name, asked, answer in self.form(page).said())
        heading = page.step.heading(self.door)
        if page.step.numbered:
            name = self.name_of(page.step, page.item)
            heading = name if page.step.repeats else f"{name}: {_plain(page.step.key)}"
        return Section(page, heading, rows, self.finished(page))

    def sections(self) -> list[Section]:
        """All that was said, page by page."""
        return [self.section(page) for page in self.pages if not page.is_list and page.step.key != "files"]


_PLAIN = {"reaching": "how to reach them", "needs": "language and needs"}


def _plain(key: str) -> str:
    return _PLAIN[key]


def written_by(row: Any) -> Written:
    """What a draft, or a referral, says."""
    return Written(row.door, row.answers if hasattr(row, "answers") else row.typed)


__all__ = ["LIST", "Door", "Page", "Row", "Section", "Written", "written_by"]
