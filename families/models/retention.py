"""How long a record is kept, what speaks against deleting it, and what is left when it is gone."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.roles import Permission
from families.models.case import Case
from families.models.person import Family

if TYPE_CHECKING:
    from accounts.models import User


class RetentionRule(models.Model):
    """One line of the schedule: how long a class of the record is kept. What it counts from is code."""

    class Key(models.TextChoices):
        FILMS = "films", "Films, and all that was made of them"
        CHILD = "child", "A child’s record"
        MATERNITY = "maternity", "The record of a pregnancy"
        WORK = "work", "The record of mental health work"
        DEATH = "death", "The record of a caregiver who has died"
        ANSWER = "answer", "Time for a family’s answer"
        REFERRAL = "referral", "A referral that was not taken on"

    key = models.CharField(max_length=10, choices=Key.choices, unique=True)
    amount = models.PositiveSmallIntegerField(
        "how long", validators=[MinValueValidator(1), MaxValueValidator(150)]
    )  # of the key's unit: families.retention.schedule
    source = models.CharField("where the rule comes from", max_length=300)

    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=1), name="something_is_kept_for_some_time")]

    def __str__(self) -> str:
        return str(self.get_key_display())


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def visible_to(self, user: User) -> LegalHoldQuerySet:
        return self.filter(family__in=Family.objects.visible_to(user))

    def covering(self, family: Any) -> LegalHoldQuerySet:
        """Those of a family, and of every other household of its people: what is written here is about them as well."""
        shared = Q(family__memberships__person__memberships__family=family)
        return self.filter(Q(family=family) | shared).distinct()

    def standing(self) -> LegalHoldQuerySet:
        """Those in force today."""
        today = timezone.localdate()
        return self.filter(lifted_at__isnull=True).filter(Q(until__isnull=True) | Q(until__gte=today))


class LegalHold(models.Model):
    """Nothing of the family is deleted by schedule until the day is over or somebody lifts this."""

    class Kind(models.TextChoices):
        INQUIRY = "inquiry", "A public inquiry"
        COURT = "court", "A claim, or proceedings in court"
        POLICE = "police", "A police investigation"
        REVIEW = "review", "A safeguarding practice review"
        COMPLAINT = "complaint", "A complaint"
        NEEDED = "needed", "The service still needs it"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.ForeignKey(Family, models.CASCADE, related_name="legal_holds")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    reason = models.TextField()
    until = models.DateField(null=True, blank=True)  # that day included; empty: until somebody lifts it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_reason = models.TextField(blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | (Q(lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="a_lifted_hold_says_by_whom_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind="needed") | Q(until__isnull=False), name="what_the_service_needs_ends_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"Kept since {self.at:%Y-%m-%d}: {self.get_kind_display()}"

    @property
    def stands(self) -> bool:
        return self.lifted_at is None and (self.until is None or self.until >= timezone.localdate())


class What(models.TextChoices):
    """What the schedule may end: the films of one case, or the whole record of a family."""

    FILMS = "films", "Films"
    RECORD = "record", "The whole record"


class DueQuerySet(models.QuerySet["Due"]):
    def visible_to(self, user: User) -> DueQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))


class CopyOfferQuerySet(models.QuerySet["CopyOffer"]):
    def visible_to(self, user: User) -> CopyOfferQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))


class Due(models.Model):
    """What the schedule says is over, or will be when the family has had its time to answer. Worked out each night, a
    list to review: nothing is deleted from it."""

    case = models.ForeignKey(
        Case, models.CASCADE, related_name="kept_long_enough"
    )  # of a whole record: the family's latest
    what = models.CharField(max_length=6, choices=What.choices)
    due_on = models.DateField()
    rule = models.CharField(max_length=10, choices=RetentionRule.Key.choices)
    found_at = models.DateTimeField(default=timezone.now)

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries in the list of what is due"
        ordering = ["due_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "what"], name="due_once")]

    def __str__(self) -> str:
        return f"{self.get_what_display()}, due {self.due_on:%Y-%m-%d}"


class CopyOffer(models.Model):
    """Before anything is deleted the family is offered copies of it, or it is written down why they cannot be."""

    class How(models.TextChoices):
        LETTER = "letter", "By letter"
        CALL = "call", "By telephone"
        EMAIL = "email", "By e-mail"
        IN_PERSON = "in_person", "In person"
        UNREACHABLE = "unreachable", "We found no way to reach them"
        UNSAFE = "unsafe", "It would put somebody in danger"

    class Answer(models.TextChoices):
        WANTED = "wanted", "They would like copies"
        DECLINED = "declined", "They do not want copies"

    NOT_OFFERED = frozenset({How.UNREACHABLE, How.UNSAFE})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="copy_offers")
    what = models.CharField(max_length=6, choices=What.choices)
    how = models.CharField(max_length=11, choices=How.choices)
    words = models.TextField(blank=True)  # to whom; or what was tried, or who is in danger
    offered_on = models.DateField(default=timezone.localdate)
    answer_by = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    answer_words = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    given_on = models.DateField(null=True, blank=True)  # when they had the copies that they wanted

    objects = CopyOfferQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(how__in=["unreachable", "unsafe"]) | ~Q(words=""), name="no_offer_without_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(answer="") | (Q(answered_on__isnull=False) & Q(answered_by__isnull=False)),
                name="an_answer_says_when_and_who_heard_it",
            ),
            models.CheckConstraint(
                condition=Q(given_on__isnull=True) | Q(answer="wanted"), name="copies_are_given_to_who_wants_them"
            ),
        ]

    def __str__(self) -> str:
        return f"Copies offered {self.offered_on:%Y-%m-%d}"

    @property
    def was_offered(self) -> bool:
        return self.how not in self.NOT_OFFERED

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be waited for: answered and, where copies were wanted, given; or the time for an
        answer has passed; or there was nobody to ask."""
        if not self.was_offered:
            return True
        if self.answer == self.Answer.WANTED:
            return self.given_on is not None
        return bool(self.answer) or self.answer_by < timezone.localdate()


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def visible_to(self, user: User) -> ErasureQuerySet:
        """Those of the teams that somebody manages; the record itself, and with it who could open it, is gone."""
        if not user.is_active or not user.can(Permission.MANAGE_TEAM):
            return self.none()
        if user.can(Permission.SEE_ALL_CASES):
            return self
        return self.filter(Q(team__in=user.teams_managed.all()) | Q(decided_by=user))

    def at_work(self) -> ErasureQuerySet:
        return self.exclude(state__in=[Erasure.State.DONE, Erasure.State.STOPPED])

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("What was erased, and who decided it, is kept.")


class Erasure(models.Model):
    """One deletion, from the decision to the certificate. Ids, classes and counts: nothing of a person is in it.

    It points at nothing of the family, since it outlives the family. When it is done it is never changed again.
    """

    class State(models.TextChoices):
        DECIDED = "decided", "Waiting to begin"
        FILES = "files", "Files are being deleted"
        ROWS = "rows", "The record is being deleted"
        DONE = "done", "Deleted"
        STOPPED = "stopped", "Stopped: something speaks against it"
        FAILED = "failed", "Could not be finished"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.CharField(max_length=6, choices=What.choices)
    family_id = models.UUIDField()
    case_ids = models.JSONField(default=list)
    reference = models.CharField(max_length=12)  # what letters called the family: it leads nowhere any more
    # Empty only when a restored backup does not know them yet.
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=10, choices=RetentionRule.Key.choices)
    rule_words = models.CharField(max_length=500)  # the rule as it stood, and where it comes from
    due_on = models.DateField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=7, choices=State.choices, default=State.DECIDED)
    attempt = models.UUIDField(default=uuid.uuid4)  # whose work counts: an older message changes nothing
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    worked_at = models.DateTimeField(default=timezone.now)
    problem = models.CharField(max_length=300, blank=True)
    films = models.JSONField(
        default=dict
    )  # what the keepers destroyed, by sort: {"Originals": {"files": 1, "bytes": 9}}
    files = models.JSONField(default=dict)  # private files of the record, by drawer, the same
    rows = models.JSONField(default=dict)  # {"families.note": 4, …}
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["family_id"], condition=~Q(state__in=["done", "stopped"]), name="one_erasure_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(ended_at__isnull=False), name="a_finished_erasure_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"Erasure {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """TypeError for a change of what is finished: the certificate is read from it."""
        if not self._state.adding and Erasure.objects.filter(pk=self.pk, state=self.State.DONE).exists():
            raise TypeError("A finished erasure is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("What was erased, and who decided it, is kept.")

    @property
    def is_working(self) -> bool:
        return self.state in {self.State.DECIDED, self.State.FILES, self.State.ROWS}
