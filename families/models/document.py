"""Documents of a case: letters, reports, drawings."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from families.files import FileKind, size_in_words
from families.models.case import Case
from families.models.note import readable_by
from families.models.person import Person
from families.models.struck import Audience, StruckOut

if TYPE_CHECKING:
    from accounts.models import User


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> DocumentQuerySet:
        """Documents of the cases this person may open; restricted ones for lead, co-workers and managers."""
        return self.filter(readable_by(user, author="uploaded_by"), case__in=Case.objects.visible_to(user))

    def standing(self) -> DocumentQuerySet:
        return self.filter(struck_at__isnull=True)


class Document(StruckOut):
    """A file of a case. Its bytes are kept by ``families.files`` under ``stored`` and are never changed."""

    class Kind(models.TextChoices):
        LETTER = "letter", "Letter"
        REPORT = "report", "Report or assessment"
        PLAN = "plan", "Plan or minutes"
        LEGAL = "legal", "Court or legal paper"
        PICTURE = "picture", "Photograph or drawing"
        OTHER = "other", "Something else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="documents")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="documents")
    title = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    received_from = models.CharField(max_length=200, blank=True)
    dated = models.DateField(default=timezone.localdate)
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.EVERYONE)
    stored = models.CharField(max_length=60, unique=True)
    file_kind = models.CharField(max_length=5, choices=[(kind.value, kind.value) for kind in FileKind])
    file_name = models.CharField(max_length=150)  # as the sender called it
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    has_picture = models.BooleanField(default=False)  # one made anew, which may stand on a page
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="documents_uploaded")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta(StruckOut.Meta):
        ordering = ["-dated", "-uploaded_at"]
        indexes = [models.Index(fields=["case", "-dated"], name="document_of_case_by_day")]
        constraints = [
            *StruckOut.Meta.constraints,
            models.CheckConstraint(condition=Q(size__gt=0), name="a_document_has_bytes"),
        ]

    def __str__(self) -> str:
        return f"Document of {self.dated:%Y-%m-%d}"

    @property
    def size_in_words(self) -> str:
        return size_in_words(self.size)
