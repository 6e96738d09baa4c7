"""The filters of the audit log."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts import log
from accounts.models import User
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm


class LogFilter(NhsForm):
    """All may stay empty; it is sent with GET, so that a view of the log can be kept as an address."""

    form_method = "get"
    submit_label = ""
    mark_optional = False
    person = forms.ModelChoiceField(label="Person", queryset=User.objects.none(), required=False, empty_label="Anybody")
    verb = forms.ChoiceField(label="What was done", required=False)
    reference = forms.CharField(
        label="Family or case", required=False, max_length=60, help_text="A reference or an id, whole"
    )
    since = DateInputField(label="From", required=False)
    until = DateInputField(label="To", required=False)
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)
    looks = {"reference": {"width": 20, "autocomplete": "off"}}

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = log.readers_people(reader)  # type: ignore[attr-defined]
        choices = [("", "Anything"), *((verb, log.in_words(verb)) for verb in log.verbs())]
        given = self.data.get("verb", "")
        if given and given not in dict(choices):
            choices.append((given, log.in_words(given)))  # newer than the remembered list
        self.fields["verb"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "To must be the same day as From, or later")
        return self.cleaned_data
