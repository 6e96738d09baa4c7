"""The first pages: does it fit, does the family agree, who is writing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from families import postcodes
from families.forms.fields import Line, PhoneField, without_controls
from nhsuk_forms.fields import DateInputField, TimeInputField
from referrals.models import Door, Referral, Source
from referrals.questions.base import SHORT, YES_NO, QuestionForm, long_text, radios

MOST_WEEKS = 42  # of a pregnancy, and some days for a date that was put later
BORN = [("born", "Yes"), ("unborn", "No, not yet")]


def latest_expected() -> Any:
    return timezone.localdate() + timedelta(weeks=MOST_WEEKS)


class OutcodeField(forms.CharField):
    """A whole postcode, or its first half; cleans to the first half."""

    def to_python(self, value: Any) -> str:
        text = without_controls(str(value or ""), keep=" ").strip().upper()
        if not text:
            return ""
        if whole := postcodes.standard(text):
            return postcodes.area(whole)
        half = text.replace(" ", "")
        # the second half of any postcode makes a first half a whole one
        if len(half) <= 4 and postcodes.standard(f"{half}1AA"):
            return half
        raise forms.ValidationError("Enter a UK postcode, or its first half, like BD5", code="invalid")


class StartForm(QuestionForm):
    """Whether the service is the right one. Nothing in it says who they are."""

    born = radios("Has the baby been born?", BORN, help_text="If there is more than one, answer for one of them here.")
    born_on = DateInputField(label="When was the baby born?", not_future=True)
    expected_on = DateInputField(label="When is the baby expected?")
    postcode = OutcodeField(
        label="Where does the baby live, or where will they live?",
        help_text="A postcode, or its first half, like BD5",
        max_length=12,
    )
    need = radios(
        "Is there something between the baby and somebody who looks after them that is hard, or that they would like "
        "to make stronger?",
        [*YES_NO, ("unsure", "Not sure")],
    )
    reveals = {"born": {"born": ["born_on"], "unborn": ["expected_on"]}}
    looks = {"postcode": {"width": 10, "autocomplete": "off"}}
    nouns = {
        "born": "whether the baby has been born",
        "born_on": "the baby’s date of birth",
        "expected_on": "the date on which the baby is expected",
        "postcode": "a postcode, or its first half",
        "need": "yes, no or not sure",
    }
    keyed_in_always = frozenset({"born"})
    words = {
        "self": {
            "born": "Has your baby been born?",
            "born_on": "When was your baby born?",
            "expected_on": "When is your baby expected?",
            "postcode": "Where do you live?",
            "need": "Is there something between you and your baby that is hard, or that you would like to make "
            "stronger?",
        }
    }

    def clean_expected_on(self) -> Any:
        day = self.cleaned_data.get("expected_on")
        if day and day > latest_expected():
            raise forms.ValidationError("The expected date must be within the next 42 weeks", code="too_late")
        if day and day < timezone.localdate() - timedelta(weeks=4):
            raise forms.ValidationError("This date has passed. If the baby has been born, say so", code="too_early")
        return day


class AgreementForm(QuestionForm):
    """The family’s knowledge and agreement: without it nothing that names anybody is asked."""

    agreed = radios(
        "Do they know about this, and do they agree to it?",
        [
            ("yes", "Yes: whoever looks after the baby knows and agrees"),
            ("some", "Somebody who looks after the baby agrees, somebody else does not know or does not agree"),
            ("no", "No, or not yet"),
        ],
    )
    who = Line(label="Who agreed?", required=False, help_text="Without names, for example: Mum and Nan", max_length=200)
    agreed_on = DateInputField(label="When did you talk about it?", required=False, not_future=True)
    how = radios(
        "How?",
        [("met", "Face to face"), ("call", "By telephone or video"), ("writing", "In writing")],
        required=False,
    )
    why_not_others = long_text("What about the others?", help_text="For example: it is not safe to ask him")
    reveals = {"agreed": {"some": ["why_not_others"]}}
    mark_optional = False
    AGREEMENTS = {
        "who": "Enter who agreed",
        "agreed_on": "Enter the day on which you talked about it",
        "how": "Select how you talked about it",
    }
    nouns = {
        "agreed": "whether they know and agree",
        "who": "who agreed",
        "agreed_on": "the day on which you talked about it",
        "how": "how you talked about it",
    }
    keyed_in_always = frozenset({"agreed"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.door != Door.STAFF and data.get("agreed") in ("yes", "some"):
            for name, words in self.AGREEMENTS.items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data


class EmergencyForm(QuestionForm):
    """Read before going on."""

    understood = forms.BooleanField(label="I understand that nobody reads this at once")
    nouns = {"understood": "that you understand this"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = "Tick the box to say that you understand that nobody reads this at once"
        self.fields["understood"].error_messages["required"] = words


class ReferrerForm(QuestionForm):
    """Who refers."""

    name = Line(label="Your name", max_length=150)
    role = Line(label="What you do", help_text="For example: health visitor", max_length=SHORT)
    organisation = Line(label="Where you work", help_text="The organisation or team", max_length=160)
    source = forms.ChoiceField(
        label="What kind of service is that?",
        choices=[("", "Select an option"), *[each for each in Source.choices if each[0] != Source.SELF]],
    )
    phone = PhoneField(label="Your phone number", required=True)
    email = forms.EmailField(
        label="Your e-mail address",
        required=False,
        help_text="We send you a confirmation, and a link by which you can follow the referral. Nothing in it says "
        "who the family is.",
    )
    best_times = Line(label="When can we reach you?", required=False, max_length=200)
    remember = forms.BooleanField(
        label="Remember these details on this device, for the next family that I refer",
        required=False,
        help_text="Do not do this on a device that others use.",
    )
    looks = {
        "name": {"autocomplete": "name"},
        "phone": {"width": 20, "autocomplete": "tel"},
        "email": {"autocomplete": "email"},
    }
    nouns = {
        "role": "what you do",
        "organisation": "where you work",
        "source": "what kind of service that is",
        "email": "an e-mail address in the right form, like name@example.com",
    }


class KeyedInForm(ReferrerForm):
    """What came by telephone, e-mail or letter: how, when, from whom."""

    channel = radios("How did it come?", [each for each in Referral.Channel.choices if each[0] != "online"])
    received_on = DateInputField(label="On which day?", not_future=True)
    received_time = TimeInputField(label="At what time?", required=False, help_text="For example 2:15pm")
    remember = None  # type: ignore[assignment]  # Django: this form does not ask it
    field_order = ["channel", "received_on", "received_time"]
    keyed_in_always = frozenset({"channel", "received_on"})
    looks = {"phone": {"width": 20}, "received_time": {"width": 5}}
    nouns = {"channel": "how it came", "received_on": "the day on which it came"}
    words = {
        "staff": {
            "name": "Who refers?",
            "role": "What do they do?",
            "organisation": "Where do they work?",
            "phone": "Their phone number",
            "email": "Their e-mail address",
            "best_times": "When can we reach them?",
        }
    }
    hints = {"staff": {"email": "For our own answer to them. It counts as not checked."}}
