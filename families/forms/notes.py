"""Beginning a note, writing it, adding to it, and the templates that notes begin from."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils import timezone

from families.actions.notes import LONGEST_PART, PatternPart, Typed
from families.forms.fields import Line, Prose
from families.models import Audience, Note, NoteSection, NoteTemplate
from families.registry import Occasion
from nhsuk_forms.fields import DateInputField, TimeInputField
from nhsuk_forms.forms import NhsForm, NhsModelForm
from nhsuk_forms.layout import Field

SOMETHING_ELSE = "else"
LONGEST_ADDENDUM = 10_000


def moment(data: dict[str, Any]) -> datetime | None:
    """The day and time of a form as one moment; None while one of them is wrong."""
    if not data.get("on") or not data.get("time"):
        return None
    return timezone.make_aware(datetime.combine(data["on"], data["time"]))


class BeginNoteForm(NhsForm):
    """Which template, and what the note is about."""

    submit_label = "Begin this note"
    template = forms.ChoiceField(label="Which kind of note?", widget=forms.RadioSelect)
    about = forms.ChoiceField(label="What is it about?", widget=forms.RadioSelect)
    title = Line(
        label="What was it?", required=False, max_length=150, help_text="For example: visit to the nursery with Robin"
    )
    on = DateInputField(label="Day", not_future=True)
    time = TimeInputField(label="Time", help_text="For example 9:30 or 2:15pm")
    reveals = {"about": {SOMETHING_ELSE: ["title", "on", "time"]}}
    nouns = {"on": "the day it happened", "time": "the time it happened"}

    def __init__(
        self, *args: Any, templates: Sequence[NoteTemplate], occasions: Sequence[Occasion], about: str, **kwargs: Any
    ) -> None:
        self.templates = {str(each.pk): each for each in templates}
        self.occasions = {str(each.id): each for each in occasions}
        now = timezone.localtime()
        first = next(iter(self.templates), "")
        kwargs.setdefault(
            "initial",
            {
                "template": first,
                "about": about if about in self.occasions else next(iter(self.occasions), SOMETHING_ELSE),
                "on": now.date(),
                "time": now.time().replace(second=0, microsecond=0),
            },
        )
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [(key, each.name) for key, each in self.templates.items()]  # type: ignore[attr-defined]
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            *((key, each.label) for key, each in self.occasions.items()),
            (SOMETHING_ELSE, "Something else"),
        ]
        self.fields["template"].error_messages["required"] = "Select which kind of note"
        self.fields["about"].error_messages["required"] = "Select what it is about"

    @property
    def layout(self) -> Sequence[Any]:  # type: ignore[override]
        return [Field("template", hints={key: each.hint for key, each in self.templates.items()}), "about"]

    def facts(self) -> dict[str, Any]:
        """The arguments of ``begin_note``."""
        data = self.cleaned_data
        occasion = self.occasions.get(data["about"])
        return {
            "template": self.templates[data["template"]],
            "occasion_id": occasion.id if occasion else None,
            "title": occasion.label.split(",", 1)[0] if occasion else data["title"],
            "happened_at": occasion.at if occasion else moment(data),
        }


class AboutNoteForm(NhsForm):
    """What a draft is called and when it happened."""

    submit_label = "Save"
    title = Line(label="What was it?", max_length=150)
    on = DateInputField(label="Day", not_future=True)
    time = TimeInputField(label="Time", help_text="For example 9:30 or 2:15pm")
    nouns = {"title": "what it was", "on": "the day it happened", "time": "the time it happened"}
    looks = {"time": {"width": 5}}

    def __init__(self, *args: Any, note: Note, **kwargs: Any) -> None:
        at = timezone.localtime(note.happened_at)
        kwargs.setdefault(
            "initial", {"title": note.title, "on": at.date(), "time": at.time().replace(second=0, microsecond=0)}
        )
        super().__init__(*args, **kwargs)

    def facts(self) -> dict[str, Any]:
        return {"title": self.cleaned_data["title"], "happened_at": moment(self.cleaned_data)}


class WriteNoteForm(NhsForm):
    """Every part of a draft. Sent whole by the Save and Sign buttons; part by part while somebody types (note.js)."""

    submit_label = ""
    window = forms.UUIDField(widget=forms.HiddenInput)
    turn = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sections: Sequence[NoteSection], **kwargs: Any) -> None:
        self.sections = list(sections)
        self.saved_elsewhere: dict[int, str] = {}  # the words of another window, by part
        kwargs.setdefault("initial", {"window": uuid.uuid4(), "turn": 0})
        super().__init__(*args, **kwargs)
        for section in self.sections:
            text = Prose(label=section.heading, help_text=section.hint, required=False, max_length=LONGEST_PART)
            text.initial = section.text
            text.widget.attrs |= {"data-part": section.pk, "rows": 4}
            base = forms.IntegerField(
                min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, initial=section.version
            )
            audience = forms.ChoiceField(
                label=f"Who may read “{section.heading}”?", choices=Audience.choices, initial=section.audience
            )
            self.fields[f"text_{section.pk}"] = text
            self.fields[f"base_{section.pk}"] = base
            self.fields[f"audience_{section.pk}"] = audience
        self.mark_optional = False
        self.looks = {
            name: {"count": False} if name.startswith("text_") else {"label_size": "s"} for name in self.fields
        }

    def typed(self) -> list[Typed]:
        data = self.cleaned_data
        return [
            Typed(
                section=section.pk,
                text=data[f"text_{section.pk}"],
                base=data[f"base_{section.pk}"],
                audience=data[f"audience_{section.pk}"],
            )
            for section in self.sections
        ]

    def parts(self) -> list[dict[str, Any]]:
        """Each part with its bound fields, for the page."""
        return [
            {
                "section": section,
                "text": self[f"text_{section.pk}"],
                "base": self[f"base_{section.pk}"],
                "audience": self[f"audience_{section.pk}"],
                "elsewhere": self.saved_elsewhere.get(section.pk),
            }
            for section in self.sections
        ]


class AddendumForm(NhsForm):
    """What is added to a signed note."""

    submit_label = "Add to the note"
    text = Prose(label="What do you add?", max_length=LONGEST_ADDENDUM)
    audience = forms.ChoiceField(
        label="Who may read it?", choices=Audience.choices, initial=Audience.EVERYONE, widget=forms.RadioSelect
    )
    nouns = {"text": "what you add"}
    looks = {"text": {"rows": 6}}


class NoteTemplateForm(NhsModelForm):
    """A template's own name."""

    submit_label = ""
    looks = {"name": {"width": 20}}
    nouns = {"name": "what it is called"}

    class Meta:
        model = NoteTemplate
        fields = ["name", "hint", "active"]
        labels = {"name": "What it is called", "hint": "When to choose it", "active": "Offered for new notes"}


class PatternPartForm(NhsForm):
    """One heading of a template; left empty it is taken out."""

    submit_label = ""
    heading = Line(label="Heading", required=False, max_length=120)
    hint = Line(label="What belongs under it", required=False, max_length=300)
    audience = forms.ChoiceField(
        label="Who may read it, unless the author says otherwise", choices=Audience.choices, initial=Audience.EVERYONE
    )
    looks = {"hint": {"width": "full"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mark_optional = False

    def part(self) -> PatternPart:
        data = self.cleaned_data
        return PatternPart(data.get("heading", ""), data.get("hint", ""), data.get("audience") or Audience.EVERYONE)


PatternParts = formset_factory(PatternPartForm, extra=2, max_num=20, absolute_max=20)
