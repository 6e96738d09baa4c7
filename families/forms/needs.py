"""What somebody needs in order to understand and be understood, asked as the Accessible Information Standard does."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from families.forms.fields import Line, Prose, Suggestions
from families.models import Answer, Need
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm


class NeedForm(NhsForm):
    """One need: what, whether others may know, how it is met, when to talk about it again."""

    submit_label = "Save this need"
    kind = forms.ChoiceField(label="What is it about?", choices=Need.Kind.choices, widget=forms.RadioSelect)
    text = Line(
        label="What do they need?",
        max_length=300,
        help_text="For example large print, a hearing loop, a British Sign Language interpreter",
        widget=Suggestions([word for words in Need.OFTEN.values() for word in words]),
    )
    may_be_shared = forms.ChoiceField(
        label="May we tell other services, so that they can meet it too?",
        choices=Answer.choices,
        initial=Answer.NOT_ASKED,
        widget=forms.RadioSelect,
    )
    met_how = Prose(
        label="How we meet it",
        required=False,
        help_text="For example: letters at 18 point; interpreter booked each time",
    )
    review_on = DateInputField(label="Talk about it again by", required=False)
    nouns = {"text": "what they need", "kind": "what it is about", "review_on": "the day to talk about it again"}
    looks = {"may_be_shared": {"inline": True}, "met_how": {"rows": 3}}

    def __init__(self, *args: Any, need: Need | None = None, **kwargs: Any) -> None:
        if need is not None:
            names = ("kind", "text", "may_be_shared", "met_how", "review_on")
            kwargs.setdefault("initial", {name: getattr(need, name) for name in names} | {"ended": bool(need.ended_on)})
        super().__init__(*args, **kwargs)
        if need is not None:
            self.fields["ended"] = forms.BooleanField(
                label="They do not need this any longer", required=False, label_suffix=""
            )

    def changes(self) -> dict[str, Any]:
        """What to keep of a need; one that is not needed any longer ends today."""
        values = dict(self.cleaned_data)
        if "ended" in values:
            values["ended_on"] = timezone.localdate() if values.pop("ended") else None
        return values
