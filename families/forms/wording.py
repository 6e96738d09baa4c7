"""The form on which the service edits what families are told before they decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from families.actions import wording as actions
from families.forms.fields import Prose, add_action_error
from families.models import ConsentWording
from nhsuk_forms.forms import NhsForm


class WordingForm(NhsForm):
    """The text for one purpose, and how long an agreement to it holds."""

    submit_label = ""
    text = Prose(label="What we say when we ask")
    months = forms.IntegerField(
        label="How many months does an agreement hold?",
        help_text="Leave empty if it holds until it is taken back. Agreements that stand keep the end they have.",
        required=False,
        min_value=1,
        max_value=actions.MOST_MONTHS,
    )
    read = forms.IntegerField(widget=forms.HiddenInput)
    looks = {"months": {"width": 3}, "text": {"rows": 12}}
    nouns = {"text": "what we say when we ask", "months": "the number of months"}
    mark_optional = False

    def __init__(self, *args: Any, now: ConsentWording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def save(self, *, by: User) -> ConsentWording | None:
        """The wording in force then; None, with the reason on the form, when it cannot be."""
        data = self.cleaned_data
        purpose = self.now.purpose
        try:
            saved = actions.reword(by=by, purpose=purpose, text=data["text"], read=data["read"])
            actions.set_length(by=by, purpose=purpose, months=data["months"])
        except ValidationError as error:
            add_action_error(self, error)
            return None
        return saved
