"""What to show of a timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from families import timeline
from families.queries import Member
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Row


class TimelineFilter(NhsForm):
    """All may stay empty; it is sent with GET, so that what is shown can be kept as an address."""

    form_method = "get"
    submit_label = ""
    mark_optional = False
    kind = forms.MultipleChoiceField(label="Only these", required=False, widget=forms.CheckboxSelectMultiple)
    person = forms.ChoiceField(label="Only what concerns", required=False)
    since = DateInputField(label="From", required=False)
    until = DateInputField(label="To", required=False)
    layout = ["kind", "person", Row("since", "until")]
    looks = {"kind": {"inline": True}}

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(member.person.pk), member.person.short_name) for member in members]
        self.fields["kind"].choices = timeline.kinds()  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", "Everybody"), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "To must be the same day as From, or later")
        return self.cleaned_data

    def asked(self) -> timeline.Asked:
        """What a valid form asks for."""
        data = self.cleaned_data
        return timeline.Asked(
            kinds=frozenset(data["kind"]),
            person=UUID(data["person"]) if data["person"] else None,
            since=data["since"],
            until=data["until"],
        )
