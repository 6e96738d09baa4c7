"""Adding documents to a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from families import files
from families.forms.fields import Line
from families.models import Audience, Case, Document
from families.queries import members
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Details

MOST_FILES = 10
MOST_TOGETHER = 50 * 1024**2  # bytes of one form; nginx lets a little more through (deploy/nginx.conf)


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class DocumentsField(forms.FileField):
    """One or more files, each looked at for what it really is. Cleans to ``list[families.files.Accepted]``."""

    widget = SeveralFilesInput(attrs={"accept": files.ACCEPTED_BY_BROWSERS})

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if not uploads:
            return super().clean(None, initial)
        if len(uploads) > MOST_FILES:
            raise ValidationError(f"Choose {MOST_FILES} files at most, and add the others afterwards")
        if sum(each.size or 0 for each in uploads) > MOST_TOGETHER:
            raise ValidationError(
                f"These files are more than {files.size_in_words(MOST_TOGETHER)} together. Choose fewer at a time."
            )
        accepted, wrong = [], []
        for upload in uploads:
            try:
                accepted.append(files.accept(upload, most_bytes=settings.DOCUMENT_MAX_BYTES))
            except ValidationError as refused:
                wrong.extend(refused.error_list)
        if wrong:
            raise ValidationError(wrong)
        return accepted


class DocumentForm(NhsForm):
    """One document, or several of a kind."""

    submit_label = "Add to the record"
    uploads = DocumentsField(label="Choose the files")
    title = Line(
        label="What is it called?",
        required=False,
        max_length=150,
        help_text="Left empty, each is called by its file’s name",
    )
    kind = forms.ChoiceField(label="What is it?", choices=Document.Kind.choices, widget=forms.RadioSelect)
    received_from = Line(
        label="Who is it from?", required=False, max_length=200, help_text="For example the GP, or the family"
    )
    dated = DateInputField(label="Date on the document", not_future=True)
    person = forms.ChoiceField(label="Whom is it about?", required=False)
    audience = forms.ChoiceField(
        label="Who may open it?", choices=Audience.choices, initial=Audience.EVERYONE, widget=forms.RadioSelect
    )
    nouns = {"dated": "the date on the document", "uploads": "a file"}
    layout = ["uploads", "title", "kind", "received_from", "dated", "person", Details("Who may open it", "audience")]

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(member.person.pk): member.person for member in members(case)}
        self.fields["uploads"].help_text = (
            f"{files.names_of_kinds()}. Up to {files.size_in_words(settings.DOCUMENT_MAX_BYTES)} each, "
            f"{MOST_FILES} at a time, {files.size_in_words(MOST_TOGETHER)} together."
        )
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", "The family as a whole"),
            *((key, person.display_name) for key, person in self.people.items()),
        ]
        self.fields["uploads"].error_messages["required"] = "Choose a file"
        self.fields["kind"].error_messages["required"] = "Select what it is"

    @classmethod
    def of(cls, data: Any, *, case: Case, document: Document) -> DocumentForm:
        """The same questions about a document that is there: all but its file."""
        names = ("title", "kind", "received_from", "dated", "audience")
        initial = {name: getattr(document, name) for name in names} | {"person": str(document.person_id or "")}
        form = cls(data, case=case, initial=initial)
        del form.fields["uploads"]
        form.layout = [each for each in cls.layout if each != "uploads"]
        form.fields["title"].required, form.fields["title"].help_text = True, ""
        form.submit_label = "Save"
        return form

    def changes(self) -> dict[str, Any]:
        """The arguments of ``change_document``."""
        data = self.cleaned_data
        names = ("title", "kind", "received_from", "dated", "audience")
        return {"person": self.people.get(data["person"]), **{name: data[name] for name in names}}

    def facts(self) -> dict[str, Any]:
        """The arguments of ``add_documents``."""
        data = self.cleaned_data
        return {
            "accepted": data["uploads"],
            "person": self.people.get(data["person"]),
            **{name: data[name] for name in ("title", "kind", "received_from", "dated", "audience")},
        }
