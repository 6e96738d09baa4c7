"""Forms about keeping somebody's whereabouts from others in the family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from families.forms.case import LONGEST_TEXT
from families.forms.fields import Prose
from families.models import Person, Protection
from nhsuk_forms.forms import NhsForm

EVERYONE, SOME = "everyone", "some"


class ProtectForm(NhsForm):
    """From whom, and why."""

    submit_label = "Protect them"
    whom = forms.ChoiceField(
        label="From whom?",
        choices=[(EVERYONE, "Everybody else in the family"), (SOME, "Only from some of them")],
        widget=forms.RadioSelect,
        help_text="If you are not sure, choose everybody: somebody may pass on what they see",
    )
    from_people = forms.MultipleChoiceField(label="From which of them?", widget=forms.CheckboxSelectMultiple)
    reason = Prose(
        label="Why?",
        max_length=LONGEST_TEXT,
        help_text="For colleagues alone: what has happened, who must not find out, who may know",
    )
    reveals = {"whom": {SOME: ["from_people"]}}
    nouns = {"from_people": "from which of them"}

    def __init__(
        self, *args: Any, person: Person, others: Sequence[Person], standing: Protection | None, **kwargs: Any
    ) -> None:
        if standing is not None:
            kwargs.setdefault(
                "initial",
                {
                    "whom": EVERYONE if standing.from_everyone else SOME,
                    "from_people": [str(each.pk) for each in standing.from_people.all()],
                    "reason": standing.reason,
                },
            )
        super().__init__(*args, **kwargs)
        self.submit_label = "Save" if standing else f"Protect {person.short_name}"
        self.others = {str(each.pk): each for each in others if each.pk != person.pk}
        self.fields["from_people"].choices = [  # type: ignore[attr-defined]
            (pk, each.display_name) for pk, each in self.others.items()
        ]
        self.fields["whom"].error_messages["required"] = "Select from whom"
        self.fields["reason"].error_messages["required"] = "Enter why"

    def facts(self) -> dict[str, Any]:
        everyone = self.cleaned_data["whom"] == EVERYONE
        chosen = [] if everyone else [self.others[pk] for pk in self.cleaned_data["from_people"]]
        return {"from_everyone": everyone, "from_people": chosen, "reason": self.cleaned_data["reason"]}


class EndProtectionForm(NhsForm):
    """Why it is safe now."""

    submit_label = "End the protection"
    reason = Prose(
        label="Why is it safe now, and how do you know?",
        max_length=LONGEST_TEXT,
        error_messages={"required": "Enter why it is safe now, and how you know"},
    )
