"""Two records side by side: whose value stays, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from families.merging.fields import GONE, KEPT, Difference
from families.models import Family
from nhsuk_forms.forms import NhsForm

TWO = "two"


class MergeForm(NhsForm):
    """One question a field that differs, the older record's answer first; and whether two households are one."""

    submit_label = "Bring the two records together"

    def __init__(
        self, *args: Any, differences: Sequence[Difference], households: Sequence[tuple[Family, Family]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.households = {f"{kept.pk}:{gone.pk}": (kept, gone) for kept, gone in households}
        for each in differences:
            self.fields[self.column(each.name)] = forms.ChoiceField(
                label=each.label,
                choices=[(KEPT, each.kept), (GONE, each.gone)],
                initial=each.suggested,
                widget=forms.RadioSelect,
                error_messages={"required": f"Select which stays: {each.label.lower()}"},
            )
        if self.households:
            self.fields["household"] = forms.ChoiceField(
                label="Are their households one and the same?",
                choices=[
                    (TWO, "No, two households"),
                    *(
                        (
                            value,
                            f"Yes: bring {gone.reference} with all its cases and people into {kept.reference}",
                        )
                        for value, (kept, gone) in self.households.items()
                    ),
                ],
                initial=TWO,
                widget=forms.RadioSelect,
                error_messages={"required": "Select whether their households are one and the same"},
            )

    @staticmethod
    def column(name: str) -> str:
        return f"keep_{name}"

    def choices(self) -> dict[str, str]:
        """Field of the person → whose value stays."""
        return {
            name.removeprefix("keep_"): value for name, value in self.cleaned_data.items() if name.startswith("keep_")
        }

    def household(self) -> tuple[Family, Family] | None:
        return self.households.get(self.cleaned_data.get("household", TWO))
