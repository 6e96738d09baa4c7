"""Forms for a death: few questions, none of which must be answered today but how it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone

from families.actions import LossFacts
from families.forms.fields import Line, Prose
from families.models import Case, ClosureReason, Loss, Person
from families.pathways import reason_after_loss
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm

LONGEST_TEXT = 4000
KNOWN, ABOUT, UNKNOWN = "day", "about", "unknown"
WHEN = [(KNOWN, "On this day"), (ABOUT, "About when"), (UNKNOWN, "Not known")]
BEFORE_BIRTH = [
    (Person.Lost.PREGNANCY, "The pregnancy ended"),
    (Person.Lost.STILLBIRTH, "The baby was stillborn"),
    (Person.Lost.DIED, "The baby was born, and died"),
]


class LossForm(NhsForm):
    """What is known of a death, and what the family wants. It can all be added to later."""

    submit_label = "Read it through before saving"
    mark_optional = True
    kind = forms.ChoiceField(label="What happened?", choices=BEFORE_BIRTH, widget=forms.RadioSelect)
    when = forms.ChoiceField(label="When was it?", choices=WHEN, widget=forms.RadioSelect)
    happened_on = DateInputField(label="The day", not_future=True)
    about_when = Line(label="About when", max_length=60, help_text="For example: early in March, at 20 weeks")
    told_by = Line(
        label="Who told us?", required=False, max_length=150, help_text="For example: Sam, by telephone; the midwife"
    )
    called = Line(
        label="The baby’s name, as the family uses it",
        required=False,
        max_length=100,
        help_text="The record will use it. Leave it empty if there is none, or you do not know",
    )
    contact = forms.ChoiceField(
        label="What has the family said about contact with us?",
        choices=Loss.Contact.choices,
        initial=Loss.Contact.NOT_ASKED,
        widget=forms.RadioSelect,
    )
    contact_words = Prose(
        label="In their words: whom to speak to, how, and when not",
        required=False,
        max_length=LONGEST_TEXT,
    )
    memories = Prose(
        label="Films, pictures and keepsakes",
        required=False,
        max_length=LONGEST_TEXT,
        help_text="What they would like to have, to keep, or not to be asked about. Nothing needs to be decided now",
    )
    reveals = {"when": {KNOWN: ["happened_on"], ABOUT: ["about_when"]}}
    nouns = {"kind": "what happened", "when": "when it was", "happened_on": "the day", "about_when": "about when"}
    looks = {"told_by": {"width": 20}, "called": {"width": 20}, "about_when": {"width": 20}}
    layout: Sequence[Any] = ["kind", "when", "told_by", "called", "contact", "contact_words", "memories"]

    def __init__(self, *args: Any, person: Person, loss: Loss | None = None, **kwargs: Any) -> None:
        self.person, self.loss = person, loss
        if loss is not None:
            kwargs.setdefault("initial", self._known(loss))
        super().__init__(*args, **kwargs)
        left = list(self.layout)
        if not person.unborn:
            del self.fields["kind"]
            left.remove("kind")
        if person.kind != Person.Kind.INFANT:
            del self.fields["called"]
            left.remove("called")
        elif "called" in self.fields and loss is None:
            self.fields["called"].initial = person.known_as or person.first_name
        self.layout = left
        if person.date_of_birth:
            self.fields["happened_on"].earliest = person.date_of_birth  # type: ignore[attr-defined]

    def _known(self, loss: Loss) -> dict[str, Any]:
        names = ("happened_on", "about_when", "told_by", "contact", "contact_words", "memories")
        when = KNOWN if loss.happened_on else ABOUT if loss.about_when else UNKNOWN
        person = loss.person
        called = person.known_as or person.first_name
        return {**{name: getattr(loss, name) for name in names}, "when": when, "called": called}

    def facts(self) -> LossFacts:
        """What was typed, for ``record_loss`` and ``keep_in_mind``."""
        said = self.cleaned_data
        return LossFacts(
            kind=said.get("kind") or (self.loss.kind if self.loss else Person.Lost.DIED),
            happened_on=said.get("happened_on"),
            about_when=said.get("about_when") or "",
            told_by=said["told_by"],
            called=said.get("called") or "",
            contact=said["contact"],
            contact_words=said["contact_words"],
            memories=said["memories"],
        )


class AskedForm(NhsForm):
    """The family was asked what should become of what is kept."""

    submit_label = "Save what they would like"
    asked_on = DateInputField(label="When did you talk about it?", not_future=True)
    answer = Prose(
        label="What would they like?",
        max_length=LONGEST_TEXT,
        help_text="In their words. To have copies, to have it kept, to have it deleted, or to be asked again later",
    )
    nouns = {"asked_on": "when you talked about it", "answer": "what they would like"}

    def __init__(self, *args: Any, loss: Loss, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"asked_on": loss.asked_on or timezone.localdate(), "answer": loss.answer})
        super().__init__(*args, **kwargs)


class StrikeOutForm(NhsForm):
    """It was written down by mistake."""

    submit_label = "Strike this out"
    reason = Prose(label="How did it come to be written down by mistake?", max_length=LONGEST_TEXT)
    nouns = {"reason": "how it came to be written down by mistake"}


class MessagesForm(NhsForm):
    """Whether messages to the family may go on."""

    submit_label = "Save"
    mark_optional = False
    go_on = forms.ChoiceField(
        label="May we send messages to this family again?",
        choices=[("no", "No, or they have not been asked"), ("yes", "Yes, they have said so")],
        widget=forms.RadioSelect,
    )
    nouns = {"go_on": "whether we may send messages"}


class LossCloseForm(NhsForm):
    """The work comes to its close after a loss."""

    submit_label = "Bring the work to its close"
    closed_on = DateInputField(label="The day", not_future=True)
    why = forms.ModelChoiceField(
        label="What will the record say?",
        queryset=ClosureReason.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text="Your service words these in its settings",
    )
    words = Prose(
        label="Anything that whoever opens this record next should know",
        required=False,
        max_length=LONGEST_TEXT,
        help_text="For example who stays in touch with them, and what was promised",
    )
    nouns = {"closed_on": "the day", "why": "what the record will say"}

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        ours = reason_after_loss()
        kwargs.setdefault("initial", {"closed_on": timezone.localdate(), "why": ours.pk})
        super().__init__(*args, **kwargs)
        rows = ClosureReason.objects.filter(active=True)
        # our own first: somebody who is in a hurry to have this behind them need not look for it
        self.fields["why"].queryset = rows.order_by(  # type: ignore[attr-defined]
            models.Case(models.When(pk=ours.pk, then=0), default=1), "position"
        )
        self.fields["closed_on"].earliest = case.opened_on  # type: ignore[attr-defined]
