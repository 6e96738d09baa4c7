"""What people ask for about films: as JSON (uploads) and on pages (wrong film)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from accounts.models import Permission
from clips.models import Recording
from families.models import Case, Person
from families.queries import in_a_row, members, with_members
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Button, Buttons
from sessions.models import Cycle, VigSession

if TYPE_CHECKING:
    from accounts.models import User

_HEX = r"\A[0-9a-f]{64}\Z"


class StartUpload(forms.Form):
    """A film that somebody wants to send. Which of it is allowed is ``actions.start_recording``'s to say."""

    case = forms.ModelChoiceField(Case.objects.none())
    cycle = forms.ModelChoiceField(Cycle.objects.none(), required=False)
    session = forms.ModelChoiceField(VigSession.objects.none(), required=False)
    people = forms.ModelMultipleChoiceField(Person.objects.none())
    filmed_on = forms.DateField(input_formats=["%Y-%m-%d"])
    kind = forms.ChoiceField(choices=Recording.Kind.choices)
    length = forms.IntegerField(min_value=0, max_value=2**62)
    samples = forms.RegexField(_HEX, required=False)

    def __init__(self, data: dict[str, Any], *, user: User) -> None:
        super().__init__(data)
        for name, model in (("case", Case), ("cycle", Cycle), ("session", VigSession), ("people", Person)):
            self.fields[name].queryset = model.objects.visible_to(user)  # type: ignore[attr-defined]


class SendAgain(forms.Form):
    """A film that arrived broken and is sent again."""

    film = forms.ModelChoiceField(Recording.objects.none())
    length = forms.IntegerField(min_value=0, max_value=2**62)
    samples = forms.RegexField(_HEX, required=False)

    def __init__(self, data: dict[str, Any], *, user: User) -> None:
        super().__init__(data)
        self.fields["film"].queryset = Recording.objects.visible_to(user)  # type: ignore[attr-defined]


class StateHash(forms.Form):
    """The SHA-256 of the whole film, worked out by the browser."""

    sha256 = forms.RegexField(_HEX)


# --- Pages -------------------------------------------------------------------------------------------------


class WrongFilm(NhsForm):
    """Why a film is the wrong one."""

    class Why(models.TextChoices):
        FAMILY = "family", "It shows another family"
        PEOPLE = "people", "It is this family, but not the people who were named"
        OTHER = "other", "It should not have been sent for another reason"

    submit_label = "Stop this film now"
    why = forms.ChoiceField(label="What is wrong?", choices=Why.choices, widget=forms.RadioSelect)
    more = forms.CharField(
        label="What else should be known",
        required=False,
        max_length=200,
        help_text="Do not write anybody’s name.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def reason(self) -> str:
        """The reason as a sentence or two."""
        words = [str(self.Why(self.cleaned_data["why"]).label) + ".", self.cleaned_data["more"].strip()]
        return " ".join(filter(None, words))


class MoveTo(NhsForm):
    """The case that a film really belongs to."""

    submit_label = "Continue"
    case = forms.ModelChoiceField(Case.objects.none(), label="Whose film is it?", empty_label="Select a family")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["case"]
        choice.queryset = with_members(Case.objects.visible_to(user).open())
        choice.label_from_instance = case_label
        choice.error_messages["required"] = "Select the family whose film it is"


def case_label(case: Case) -> str:
    """A case as its practitioners know it: "Rowan and Sam, VIG-7K3-MTQ"."""
    names = [member.person.short_name for member in members(case)]
    return f"{in_a_row(names)}, {case.family.reference}" if names else case.family.reference


class MovedPeople(NhsForm):
    """Who is in a film, in the case that it is moved to."""

    submit_label = "Move the film"
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label="Who is in the film?",
        help_text="Everybody who can be seen or heard, babies too.",
        widget=forms.CheckboxSelectMultiple,
    )
    cycle = forms.ModelChoiceField(
        Cycle.objects.none(), label="Which cycle does it belong to?", required=False, empty_label="None yet"
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["people"]
        people.queryset = case.people.all()
        people.label_from_instance = lambda person: person.display_name
        people.error_messages["required"] = "Select everybody who is in the film"
        cycle: Any = self.fields["cycle"]
        cycle.queryset = case.cycles.open()


class DestroyFilm(NhsForm):
    """Why a film is destroyed."""

    submit_label = ""
    reason = forms.CharField(
        label="Why is it destroyed?",
        max_length=200,
        help_text="It stands on the certificate. Do not write anybody’s name.",
    )
    sure = forms.BooleanField(
        label="I know that the film and everything made of it cannot be brought back",
        error_messages={"required": "Confirm that the film cannot be brought back"},
    )
    layout = ["reason", "sure", Buttons(Button("Destroy this film", kind="warning"))]


def may_end(user: User) -> bool:
    """Whether somebody's work includes moving or destroying a film that was stopped as the wrong one."""
    return user.can(Permission.ANALYSE_FILM) or user.can(Permission.MANAGE_TEAM)
