"""What the service says and asks in its own words: one form a list, one for a text, one for the rules."""

from __future__ import annotations

from typing import Any

from django import forms

from families import postcodes
from families.forms.fields import Line, Prose
from nhsuk_forms.forms import NhsForm, NhsModelForm
from nhsuk_forms.layout import Row
from referrals.models import AdviceCall, DeclineReason, IntakeRules, Reason, Signpost

STILL = "What was put away stays where it was chosen."


class ReasonForm(NhsModelForm):
    submit_label = "Save this reason"
    nouns = {"label": "the reason"}

    class Meta:
        model = Reason
        fields = ["label", "hint", "nhs_code", "position", "active"]
        labels = {
            "label": "The reason, as it is read in the form",
            "hint": "A word of explanation",
            "nhs_code": "NHS code (REASON FOR REFERRAL)",
            "position": "Place in the list",
            "active": "Offered",
        }
        help_texts = {"active": STILL, "hint": ""}
        error_messages = {"label": {"unique": "There is a reason with these words"}}

    looks = {"nhs_code": {"width": 2}, "position": {"width": 3}}


class DeclineReasonForm(NhsModelForm):
    submit_label = "Save this reason"
    nouns = {"label": "the reason"}

    class Meta:
        model = DeclineReason
        fields = ["label", "public_words", "position", "active"]
        labels = {
            "label": "The reason, as colleagues choose it",
            "public_words": "What the referrer reads",
            "position": "Place in the list",
            "active": "Offered",
        }
        help_texts = {"active": STILL}
        error_messages = {"label": {"unique": "There is a reason with these words"}}
        widgets = {"public_words": forms.Textarea(attrs={"rows": 3})}

    looks = {"position": {"width": 3}}


class SignpostForm(NhsModelForm):
    submit_label = "Save this service"
    url = forms.URLField(label="Website", required=False, assume_scheme="https")
    nouns = {"name": "the name of the service", "words": "for whom it is"}

    class Meta:
        model = Signpost
        fields = ["name", "words", "phone", "url", "email", "urgent", "position", "active"]
        labels = {
            "name": "Name",
            "words": "For whom it is, and what it does",
            "phone": "Telephone",
            "url": "Website",
            "email": "E-mail",
            "urgent": "Shown where somebody may need help at once",
            "position": "Place in the list",
            "active": "Shown",
        }
        error_messages = {"name": {"unique": "There is a service with this name"}}

    looks = {"phone": {"width": 20}, "position": {"width": 3}}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("phone") or data.get("url") or data.get("email")):
            self.add_error("phone", "Enter a telephone number, or a website or e-mail address below")
        return data


class RulesForm(NhsModelForm):
    """Whom the service takes on, within what time it decides."""

    submit_label = "Save"
    DAYS = ("urgent_days", "soon_days", "routine_days", "draft_days", "return_days", "link_days")
    looks = {
        "most_age_months": {"width": 3, "suffix": "months"},
        "pregnancy_from_weeks": {"width": 3, "suffix": "weeks"},
        **{name: {"width": 3, "suffix": "days"} for name in DAYS},
    }
    layout = [
        "most_age_months",
        "pregnancy_from_weeks",
        "outside_may_ask",
        "self_referral",
        Row("urgent_days", "soon_days", "routine_days"),
        "draft_days",
        "return_days",
        "link_days",
    ]

    class Meta:
        model = IntakeRules
        fields = ["most_age_months", "pregnancy_from_weeks", "outside_may_ask", "self_referral"]
        fields += ["urgent_days", "soon_days", "routine_days", "draft_days", "return_days", "link_days"]
        labels = {
            "most_age_months": "A baby is younger than",
            "pregnancy_from_weeks": "A pregnancy is at least",
            "outside_may_ask": "Whoever does not fit may ask the team anyway",
            "self_referral": "Parents and carers may refer themselves",
            "urgent_days": "Decided within: urgent",
            "soon_days": "Soon",
            "routine_days": "Routine",
            "draft_days": "A form that nobody sends is deleted after",
            "return_days": "A link to come back works for",
            "link_days": "A referrer’s link works for",
        }
        help_texts = {"pregnancy_from_weeks": "0: from the beginning", "urgent_days": "Working days"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = {"most_age_months": (1, 72), "pregnancy_from_weeks": (0, 40)}
        for name in ("most_age_months", "pregnancy_from_weeks", *self.DAYS):
            least, most = limits.get(name, (1, 365))
            field = self.fields[name]
            noun = str(field.label)
            field.validators = []  # the sentences below say the same, and what to do
            field.min_value, field.max_value = least, most  # type: ignore[attr-defined]
            field.error_messages["out"] = f"{noun}: enter a number from {least} to {most}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("most_age_months", "pregnancy_from_weeks", *self.DAYS):
            field, value = self.fields[name], data.get(name)
            if value is not None and not field.min_value <= value <= field.max_value:  # type: ignore[attr-defined]
                self.add_error(name, field.error_messages["out"])
        return data


class AreaForm(NhsForm):
    """The first halves of the postcodes where the service works."""

    submit_label = "Save the area"
    outcodes = Prose(
        label="First halves of postcodes",
        required=False,
        max_length=5000,
        help_text="Like BD5 BD7 LS28, with spaces, commas or on lines of their own. Empty: everywhere.",
    )
    looks = {"outcodes": {"rows": 8, "count": False}}

    def clean_outcodes(self) -> list[str]:
        found = self.cleaned_data["outcodes"].upper().replace(",", " ").replace(";", " ").split()
        wrong = [each for each in found if len(each) > 4 or not postcodes.standard(f"{each}1AA")]
        if wrong:
            raise forms.ValidationError(f"This is no first half of a postcode: {', '.join(wrong[:5])}")
        return sorted(set(found))


class TextForm(NhsForm):
    """A text of the public pages; saving makes a new version."""

    submit_label = "Save a new version"
    text = Prose(
        label="Text",
        max_length=20_000,
        help_text="A line that begins with # is a heading, one that begins with - an item of a list.",
    )
    looks = {"text": {"rows": 20, "count": False}}
    nouns = {"text": "the text"}


class AnswerCallForm(NhsForm):
    """What came of a call that somebody asked for."""

    submit_label = "It is done"
    outcome = Line(
        label="What came of it?",
        max_length=300,
        help_text="For example: talked, they will ask the family. Do not write who the family is.",
    )
    advised = forms.BooleanField(label="I gave advice to a professional: count it as a consultation", required=False)
    minutes = forms.IntegerField(label="Time spent", min_value=1, max_value=600)
    topic = Line(label="What was it about, in general?", max_length=200)
    advice = Prose(label="What did you advise?", max_length=4000)
    reveals = {"advised": {True: ["minutes", "topic", "advice"]}}
    looks = {"minutes": {"width": 3, "suffix": "minutes"}}
    nouns = {
        "outcome": "what came of it",
        "minutes": "the time spent",
        "topic": "what it was about",
        "advice": "what you advised",
    }

    def __init__(self, *args: Any, call: AdviceCall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if call.asker == "family":
            self.reveals = {}
            for name in ("advised", "minutes", "topic", "advice"):
                del self.fields[name]
