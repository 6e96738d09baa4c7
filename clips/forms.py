"""What the browser sends as JSON, checked as a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from clips.models import Recording
from families.models import Case, Person
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
