"""Forms for a change of placement: what changed, who cares for the child now, what is kept from whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from families.actions.placement import Change, Kind, NewCarer
from families.forms.case import LONGEST_TEXT
from families.forms.fields import Line, PhoneField, PostcodeField, Prose
from families.models import LegalStatus, Person
from families.queries import Member
from families.responsibility import PARENTS
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Details

NEW, SAME = "new", "same"
NOBODY, EVERYONE, SOME = "nobody", "everyone", "some"
HINTS = {
    Kind.FOSTER: "Foster carers hold no parental responsibility",
    Kind.KINSHIP: "A grandparent, an aunt, a friend: with an order or without",
    Kind.HOME: "With the parent from before, or with the other one",
    Kind.AUTHORITY: "Where the child lives may stay as it is",
    Kind.PLACED: "The adoption order is not made yet",
    Kind.STEP: "The parent stays a parent; their partner becomes one",
    Kind.OTHER: "Write under “anything else” what it is",
}
# An adoption order is not among them: what has changed says so already.
ORDERS = [(kind.value, kind.label) for kind in LegalStatus.Kind if kind != LegalStatus.Kind.ADOPTED]


class PlacementForm(NhsForm):
    """What has changed. It is read through, with what it will do, before it is saved."""

    submit_label = "See what this changes"
    kind = forms.ChoiceField(label="What has changed?", widget=forms.RadioSelect)
    keeps = forms.ChoiceField(
        label="Whose partner adopted?",
        widget=forms.RadioSelect,
        help_text="This parent keeps parental responsibility, and is not an adoptive parent",
    )
    from_on = DateInputField(label="From which day?", not_future=True)
    legal = forms.ChoiceField(
        label="Under which new order or arrangement?",
        required=False,
        choices=[("", "No new one"), *ORDERS],
        help_text="Leave it where what stood before goes on. You will see what it means before you save",
    )
    authority = Line(label="Local authority or court", required=False, max_length=120)
    ended = forms.MultipleChoiceField(label="What ends with it?", required=False, widget=forms.CheckboxSelectMultiple)
    carers = forms.MultipleChoiceField(label="Who cares for the baby now?", widget=forms.CheckboxSelectMultiple)
    first_name = Line(label="First name", max_length=100)
    last_name = Line(label="Last name", required=False, max_length=100)
    phone = PhoneField()
    second_first_name = Line(label="First name of a second carer", required=False, max_length=100)
    second_last_name = Line(label="Last name of a second carer", required=False, max_length=100)
    lines = Prose(
        label="Where they live", required=False, max_length=400, help_text="As on an envelope, without the postcode"
    )
    postcode = PostcodeField()
    left = forms.MultipleChoiceField(
        label="Who does not live with the baby any more?", required=False, widget=forms.CheckboxSelectMultiple
    )
    kept = forms.ChoiceField(
        label="From whom do we keep where the baby is?",
        widget=forms.RadioSelect,
        help_text="Address, telephone, when they come and what we write. Ask the social worker if you are not sure",
    )
    from_people = forms.MultipleChoiceField(label="From which of them?", widget=forms.CheckboxSelectMultiple)
    reason_everyone = Prose(label="Why from everybody?", max_length=LONGEST_TEXT)
    reason_some = Prose(label="Why from them?", max_length=LONGEST_TEXT)
    note = Prose(
        label="Anything else colleagues have to know",
        required=False,
        max_length=LONGEST_TEXT,
        help_text="Who decides what, as the placement plan says it",
    )
    looks = {
        "kind": {"hints": HINTS},
        "lines": {"rows": 3},
        "note": {"rows": 3},
        "reason_everyone": {"rows": 3},
        "reason_some": {"rows": 3},
        "postcode": {"width": 10, "autocomplete": "off"},
        "phone": {"width": 20, "autocomplete": "off"},
        "first_name": {"width": 20, "autocomplete": "off"},
        "last_name": {"width": 20, "autocomplete": "off"},
    }
    nouns = {
        "kind": "what has changed",
        "from_on": "the day it changed",
        "kept": "from whom it is kept",
        "carers": "who cares for the baby now",
        "keeps": "whose partner adopted",
        "from_people": "from which of them",
        "reason_everyone": "why it is kept back",
        "reason_some": "why it is kept back",
        "first_name": "their first name",
    }

    def __init__(
        self,
        *args: Any,
        child: Person,
        members: Sequence[Member],
        standing: Sequence[LegalStatus],
        kinds: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        adults = [
            each
            for each in members
            if each.membership and not each.person.lost and each.person.kind in {"caregiver", "other"}
        ]
        self.adults = {str(each.person.pk): each.person for each in adults}
        self.orders = {str(each.pk): each for each in standing}
        parents = [each.person for each in adults if each.membership and each.membership.relationship in PARENTS]
        named = [(str(each.person.pk), f"{each.person.display_name} ({each.word})") for each in adults]
        here = [pk for pk, _ in named if not self._left(adults, pk)]
        if not parents:
            kinds = [kind for kind in kinds if kind != Kind.STEP]
        self._choose("kind", [(kind, Kind(kind).label) for kind in kinds])
        self._choose("keeps", [(str(each.pk), each.display_name) for each in parents])
        self._choose("ended", [(pk, order.get_kind_display()) for pk, order in self.orders.items()])
        self._choose(
            "carers", [*named, (NEW, "Somebody who is not in this record yet"), (SAME, "As before: nobody new")]
        )
        self._choose("left", [each for each in named if each[0] in here])
        self._choose("from_people", named)
        self._choose(
            "kept",
            [
                (NOBODY, "From nobody in the family"),
                (EVERYONE, "From everybody else in the family"),
                (SOME, "Only from some of them"),
            ],
        )
        name = child.short_name
        self.fields["carers"].label = f"Who cares for {name} now?"
        self.fields["left"].label = f"Who does not live with {name} any more?"
        self.fields["kept"].label = f"From whom do we keep where {name} is?"
        self.reveals = {
            "kind": {Kind.STEP: ["keeps"]},
            "carers": {NEW: ["first_name", "last_name", "phone", "lines", "postcode"]},
            "kept": {EVERYONE: ["reason_everyone"], SOME: ["from_people", "reason_some"]},
        }
        self.layout = [
            "kind",
            "from_on",
            "legal",
            "authority",
            *(["ended"] if self.orders else []),
            "carers",
            Details("Two of them are new", "second_first_name", "second_last_name"),
            *(["left"] if here else []),
            "kept",
            "note",
        ]
        for field, listed in (("ended", self.orders), ("left", here)):
            if not listed:
                del self.fields[field]
        self.fields["from_on"].earliest = child.date_of_birth  # type: ignore[attr-defined]

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _left(self, adults: Sequence[Member], pk: str) -> bool:
        place = next(each.membership for each in adults if str(each.person.pk) == pk)
        return place is None or place.has_left or place.lives_with_infant is False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("second_first_name") and NEW not in data.get("carers", []):
            self.add_error("carers", "Select “Somebody who is not in this record yet”, or empty the second carer")
        if SAME in data.get("carers", []) and len(data["carers"]) > 1:
            self.add_error("carers", "Select those who care now, or “As before”, not both")
        if data.get("second_last_name") and not data.get("second_first_name"):
            self.add_error("second_first_name", "Enter the first name of the second carer")
        return data

    def _people(self, name: str) -> list[Person]:
        return [self.adults[pk] for pk in self.cleaned_data.get(name) or [] if pk in self.adults]

    def change(self) -> Change:
        """What was typed, for ``actions.change_placement``."""
        said = self.cleaned_data
        new = []
        if NEW in said["carers"]:
            new = [NewCarer(said["first_name"], said["last_name"], said["phone"])]
            if said["second_first_name"]:
                new.append(NewCarer(said["second_first_name"], said["second_last_name"]))
        kept_from = {NOBODY: None, EVERYONE: [], SOME: self._people("from_people")}[said["kept"]]
        return Change(
            kind=said["kind"],
            from_on=said["from_on"],
            legal=said["legal"],
            ended=[self.orders[pk] for pk in said.get("ended") or []],
            authority=said["authority"],
            carers=self._people("carers"),
            new_carers=new,
            lines=said["lines"],
            postcode=said["postcode"],
            left=self._people("left"),
            kept_from=kept_from,
            reason=said["reason_everyone"] or said["reason_some"],
            keeps=self.adults.get(said.get("keeps") or ""),
            note=said["note"],
        )


# What the action calls differently from the form.
NAMES = {"reason": "reason_everyone"}
