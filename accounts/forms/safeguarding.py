"""Who is the safeguarding lead."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Safeguarding, User
from accounts.safeguarding import MAY_BE_NAMED
from nhsuk_forms.forms import NhsForm


class _Person(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name} ({obj.get_role_display().lower()})"


class SafeguardingForm(NhsForm):
    """The lead, and who stands in for them."""

    lead = _Person(label="Safeguarding lead", queryset=User.objects.none(), empty_label="Select somebody")
    deputy = _Person(
        label="Deputy",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody",
        help_text="May do the same: name one, so that nothing waits while the lead is away",
    )
    nouns = {"lead": "who is the safeguarding lead"}

    def __init__(self, *args: Any, named: Safeguarding | None, **kwargs: Any) -> None:
        if named is not None:
            kwargs.setdefault("initial", {"lead": named.lead_id, "deputy": named.deputy_id})
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, role__in=MAY_BE_NAMED)
        for name in ("lead", "deputy"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]
