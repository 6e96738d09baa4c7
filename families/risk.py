"""How risk stands in a case, for the header and the risk page: in words, with a colour that only helps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from families.columns import Joined, as_date, split
from families.models import Case, RiskFlag, RiskReview
from families.registry import HeaderFact, HeaderSource

if TYPE_CHECKING:
    from accounts.models import User

Level = RiskReview.Level
COLOURS: dict[str, str] = {
    Level.NOT_ASSESSED: "grey",
    Level.NONE: "white",
    Level.LOW: "green",
    Level.MEDIUM: "orange",
    Level.HIGH: "red",
}


@dataclass(frozen=True)
class Risk:
    """The latest judgement: "Medium, reviewed 12 Nov, review due 26 Nov"."""

    level: str = Level.NOT_ASSESSED
    reviewed_on: date | None = None
    due_on: date | None = None

    @property
    def label(self) -> str:
        return str(Level(self.level).label)

    @property
    def colour(self) -> str:
        return COLOURS[self.level]

    @property
    def overdue(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def text(self) -> str:
        if self.reviewed_on is None or self.level == Level.NOT_ASSESSED:
            return self.label.lower()
        due = f", review {'was ' if self.overdue else ''}due {self.due_on:%-d %b}" if self.due_on else ""
        return f"{self.label.lower()}, reviewed {self.reviewed_on:%-d %b}{due}"


def risk_of(review: RiskReview | None) -> Risk:
    """How a review says that risk stands; not assessed without one."""
    return Risk(review.level, review.reviewed_on, review.due_on) if review else Risk()


def header_column() -> Subquery:
    """The latest review of a case, as a column of the header's own query; ``risk_from`` reads it."""
    latest = RiskReview.objects.filter(case=OuterRef("pk")).order_by("-reviewed_on", "-recorded_at")
    said = JSONObject(level="level", reviewed_on="reviewed_on", due_on="due_on")
    return Subquery(latest.values(said=said)[:1], output_field=JSONField())


def risk_from(column: Mapping[str, Any] | None) -> Risk:
    if column is None:
        return Risk()
    return Risk(column["level"], as_date(column["reviewed_on"]), as_date(column["due_on"]))


def _columns(case: Case, user: User) -> dict[str, Any]:
    flags = RiskFlag.objects.filter(case=OuterRef("pk"), resolved_at__isnull=True).order_by().values("case")
    return {"flags": Subquery(flags.annotate(texts=Joined("text")).values("texts"))}


def _facts(case: Case, user: User, found: Mapping[str, Any]) -> Iterable[HeaderFact]:
    """Flags that are up, on every page of the case."""
    url = reverse("families:risk", kwargs={"case": case.pk})
    for text in split(found["flags"]):
        yield HeaderFact("Flag", text, url, order=10, mark="⚑")


FLAGS_IN_HEADER = HeaderSource(columns=_columns, facts=_facts)
