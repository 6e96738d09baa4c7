"""Why somebody refers, what the family hopes for, what else is going on, and what we may do."""

from __future__ import annotations

from typing import Any

from django import forms

from families.forms.fields import Line
from nhsuk_forms.fields import DateInputField
from referrals.models import Reason, Referral
from referrals.questions.base import YES_NO_UNKNOWN, QuestionForm, boxes, long_text, radios


class ReasonsForm(QuestionForm):
    """Why: from the service’s own list, and in words."""

    reasons = boxes("What fits?", [], required=True, help_text="Select all that fit.")
    observed = long_text(
        "What have you seen or heard between the baby and whoever looks after them?",
        required=True,
        help_text="What goes well too.",
    )
    nouns = {"reasons": "what fits", "observed": "what you have seen or heard"}
    words = {"self": {"observed": "What would you like to tell us about it?"}}
    hints = {"self": {"observed": "What is hard, and what goes well."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # a reason that was put away meanwhile still says what was chosen
        given = [str(each) for each in (self["reasons"].value() or []) if str(each).isdecimal() and len(str(each)) < 9]
        rows = Reason.objects.filter(active=True) | Reason.objects.filter(pk__in=given)
        field = self.fields["reasons"]
        field.choices = [(str(row.pk), row.label) for row in rows]  # type: ignore[attr-defined]


class HopesForm(QuestionForm):
    """In the family’s own words: where a helping question begins."""

    hopes = long_text("What do they hope for?", required=True, help_text="In their own words, as they said it to you.")
    wish = radios("What kind of help is hoped for?", Referral.Wish.choices)
    nouns = {"hopes": "what they hope for, in their own words", "wish": "what kind of help is hoped for"}
    words = {"self": {"hopes": "What do you hope for?", "wish": "What kind of help would you like?"}}
    hints = {"self": {"hopes": "In your own words. There is no wrong answer."}}


CIRCUMSTANCES = [
    ("substances", "Drugs or alcohol, now or before"),
    ("violence", "Violence or control by somebody close, now or before"),
    ("alone", "Looking after the baby alone"),
    ("young", "A parent under 20"),
    ("loss", "A baby or a pregnancy was lost"),
    ("birth", "A frightening or painful birth"),
    ("care", "A parent was in care as a child"),
    ("isolation", "Few people around them"),
    ("housing", "Housing, money or papers are not secure"),
]


class BackgroundForm(QuestionForm):
    """What else weighs on them. Nothing of it has to be said here."""

    mental_health = long_text("How have they been feeling, now and in the past?", help_text="Mental health")
    medication = long_text("Do they take any medicine for it?")
    circumstances = boxes("Is any of this part of it?", CIRCUMSTANCES)
    more = long_text("Is there anything else that we should know?")
    looks = {"mental_health": {"rows": 4}, "medication": {"rows": 2, "count": False}, "more": {"rows": 4}}
    words = {
        "self": {
            "mental_health": "How have you been feeling, now and in the past?",
            "medication": "Do you take any medicine for it?",
        }
    }


PLAN_CATEGORIES = [
    ("neglect", "Neglect"),
    ("physical", "Physical abuse"),
    ("sexual", "Sexual abuse"),
    ("emotional", "Emotional abuse"),
    ("multiple", "More than one"),
]


class SocialCareForm(QuestionForm):
    """Whether children’s social care is part of it."""

    status = radios(
        "Is children’s social care involved?",
        [
            ("none", "No"),
            ("early_help", "Early help"),
            ("in_need", "Child in need"),
            ("plan", "Child protection plan"),
            ("looked_after", "The baby is looked after"),
            ("pre_birth", "An assessment before the birth"),
            ("proceedings", "Care proceedings"),
            ("unknown", "I do not know"),
        ],
    )
    category = radios("Under which category?", PLAN_CATEGORIES)
    since = DateInputField(label="Since when?", not_future=True, required=False)
    removals = radios("Were children taken into care before?", YES_NO_UNKNOWN, required=False)
    more = long_text("Is there anything to say about it?")
    reveals = {"status": {"plan": ["category"]}}
    nouns = {"status": "whether children’s social care is involved", "category": "the category of the plan"}
    words = {"self": {"status": "Is children’s social care involved with you?"}}


class RiskForm(QuestionForm):
    """Whether anybody is in danger. A yes to the first question is looked at on the same day."""

    immediate = radios(
        "Is anybody in danger now, or likely to come to harm within days?",
        Referral.Risk.choices,
    )
    to_self = radios("Might somebody harm themselves?", YES_NO_UNKNOWN)
    to_others = radios("Might somebody harm somebody else?", YES_NO_UNKNOWN)
    to_baby = radios("Might the baby come to harm?", YES_NO_UNKNOWN)
    to_visitors = radios("Is there a risk to somebody who visits them at home?", YES_NO_UNKNOWN)
    what = long_text("What do you know about it?", help_text="What happened, when, and what helps to keep them safe.")
    safeguarding = radios("Has children’s or adults’ social care been told?", YES_NO_UNKNOWN, required=False)
    safeguarding_on = DateInputField(label="When?", not_future=True, required=False)
    reveals = {"safeguarding": {"yes": ["safeguarding_on"]}}
    nouns = dict.fromkeys(("immediate", "to_self", "to_others", "to_baby", "to_visitors"), "yes, no or I do not know")
    left_out = {"self": frozenset({"to_others", "to_visitors", "safeguarding", "safeguarding_on"})}
    words = {
        "self": {
            "immediate": "Are you or your baby in danger now?",
            "to_self": "Have you had thoughts of harming yourself?",
            "to_baby": "Are you afraid that your baby may come to harm?",
            "what": "Is there anything that you would like to tell us about it?",
        }
    }
    hints = {"self": {"what": ""}}
    RISKS = ("immediate", "to_self", "to_others", "to_baby", "to_visitors")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        told = any(data.get(name) == "yes" for name in self.RISKS)
        if self.door == "professional" and not self.errors and told and not data.get("what"):
            self.add_error("what", "Enter what you know about it")
        return data


class PlaceForm(QuestionForm):
    """Where and when, and who hears from us."""

    places = boxes(
        "Where would be a good place to meet?",
        [("home", "At home"), ("hub", "A family hub"), ("clinic", "Our clinic"), ("unsure", "Not sure yet")],
    )
    times = Line(label="Which days and times are good?", required=False, max_length=300)
    tell_family = radios(
        "May we tell the family ourselves what we decided?",
        [("yes", "Yes"), ("no", "No"), ("not_asked", "They have not been asked")],
    )
    channel = radios("How?", [("phone", "By telephone"), ("text", "By text message"), ("email", "By e-mail")])
    address = Line(label="To which number or address is that safe?", max_length=254)
    reveals = {"tell_family": {"yes": ["channel", "address"]}}
    nouns = {
        "tell_family": "whether we may tell the family",
        "channel": "how we may tell them",
        "address": "the number or address",
    }
    words = {"self": {"tell_family": "May we write to you, or ring you, to say what we decided?"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.door == "self":
            field = self.fields["tell_family"]
            field.choices = [("yes", "Yes"), ("no", "No, I will ring you")]  # type: ignore[attr-defined]


class FilesForm(QuestionForm):
    """One file; the page shows those that are there."""

    submit_label = ""
    file = forms.FileField(label="Add a file", required=False)


class DeclarationForm(QuestionForm):
    """What is agreed to by sending."""

    submit_label = "Send this referral"
    share = boxes(
        "Whom may we ask about the family, if it helps to decide?",
        [
            ("gp", "Their GP practice"),
            ("health_visitor", "Their health visitor or midwife"),
            ("named", "Those whom you named"),
        ],
        help_text="Only what the family agrees to.",
    )
    true = forms.BooleanField(label="What I wrote is true as far as I know")
    privacy = forms.BooleanField(label="I have read how you use it")
    TICKS = {
        "true": "Tick the box to say that what you wrote is true",
        "privacy": "Tick the box to say that you have read how we use it",
    }
    left_out = {"staff": frozenset({"true", "privacy"})}
    nouns = {"true": "that it is true", "privacy": "that you have read how we use it"}
    words = {"self": {"share": "Whom may we ask about you, if it helps to decide?"}}
    hints = {"self": {"share": "You can say no to each of them and still be part of everything else."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.door == "self":
            own = [("gp", "My GP practice"), ("health_visitor", "My health visitor or midwife")]
            self.fields["share"].choices = [*own, ("named", "Those whom I named")]  # type: ignore[attr-defined]
        for name, words in self.TICKS.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = words
