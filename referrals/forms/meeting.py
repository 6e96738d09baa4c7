"""Forms of triage meetings, and of views of the queue that somebody keeps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import User
from families.forms.case import WorkersChoiceField, people_who_work_with_families
from families.forms.fields import Line, Prose
from nhsuk_forms.forms import NhsForm
from referrals.forms.triage import QueueFilter, people_who_take_referrals_in
from referrals.models import QueueView
from referrals.queue import Narrowed, Show


class MeetingForm(NhsForm):
    """Who is at the meeting."""

    submit_label = "Begin the meeting"
    present = WorkersChoiceField(label="Who is here?", queryset=User.objects.none())
    others = Line(
        label="Anybody else?", required=False, max_length=300, help_text="Names and jobs of guests, for the minutes"
    )
    nouns = {"present": "who is here"}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"present": [by.pk]})
        super().__init__(*args, **kwargs)
        everybody = people_who_take_referrals_in() | people_who_work_with_families()
        self.fields["present"].queryset = everybody.distinct()  # type: ignore[attr-defined]
        self.fields["present"].error_messages["required"] = "Select who is here"


class LeaveForm(NhsForm):
    """Why a referral is not decided today."""

    submit_label = "Leave it and go on"
    reason = Prose(label="Why is it left for another day?", max_length=1000, help_text="Kept with the referral")
    nouns = {"reason": "why it is left for another day"}
    looks = {"reason": {"rows": 3}}


class QueueViewForm(NhsForm):
    """A name for what the queue shows now."""

    submit_label = "Keep this view"
    name = Line(label="What do you call it?", max_length=60)
    first = forms.BooleanField(label="Show it whenever I open the queue", required=False)
    nouns = {"name": "what you call it"}

    def __init__(self, *args: Any, owner: User, view: QueueView | None = None, **kwargs: Any) -> None:
        if view is not None:
            kwargs.setdefault("initial", {"name": view.name, "first": view.first})
        super().__init__(*args, **kwargs)
        self._owner, self._view = owner, view

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = QueueView.objects.visible_to(self._owner).filter(name__iexact=name)
        if self._view is not None:
            others = others.exclude(pk=self._view.pk)
        if others.exists():
            raise forms.ValidationError("You have a view of that name. Enter another one")
        return name


def read_query(query: QueryDict) -> tuple[str, Narrowed, str]:
    """Which part of the queue an address asks for, narrowed to what, and the address again with nothing else in it."""
    show = query.get("show", Show.OPEN)
    if show not in Show.values:
        show = Show.OPEN
    form = QueueFilter(query or None)
    by = form.asked() if form.is_bound and form.is_valid() else Narrowed()
    kept = QueryDict(mutable=True)
    kept["show"] = show
    if form.is_bound:
        for name in form.fields:
            if name not in form.errors and query.get(name):
                kept[name] = str(query[name])
    return show, by, kept.urlencode()
