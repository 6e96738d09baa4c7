"""What was done and what was seen, by whom.

Rows are only ever added. They hold ids, never names or values, and no foreign keys: they outlive what they
speak of, and erasing a record leaves the chain whole. A row is written in the action's own transaction;
one sealer chains the rows after commit, because a chain lock inside each transaction would serialise
every page view. ``manage.py verify_audit`` recomputes the chain and reports the unsealed tail.
"""

from __future__ import annotations

from django.db import models


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def sealed(self) -> AuditEventQuerySet:
        return self.filter(sequence__isnull=False)

    def unsealed(self) -> AuditEventQuerySet:
        return self.filter(sequence__isnull=True)

    def of_family(self, family_id: object) -> AuditEventQuerySet:
        return self.filter(family_id=str(family_id))

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("Audit events are never deleted.")

    def update(self, **kwargs: object) -> int:
        if not set(kwargs) <= {"sequence", "previous_hash", "hash"}:
            raise TypeError("Audit events are never changed; the sealer alone adds the chain.")
        return super().update(**kwargs)


class AuditEvent(models.Model):
    """One thing done or seen. ``sequence``, ``previous_hash`` and ``hash`` are the seal, added after commit."""

    at = models.DateTimeField(db_index=True)
    actor_id = models.CharField(max_length=40, blank=True, db_index=True)  # empty: the system itself
    actor_role = models.CharField(max_length=20, blank=True)
    verb = models.CharField(max_length=60, db_index=True)  # "film.played": noun.past-participle
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    family_id = models.CharField(max_length=40, blank=True, db_index=True)
    case_id = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)  # ids, codes and counts only
    sequence = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_id or 'system'} {self.verb} {self.subject_id}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk is not None:
            raise TypeError("Audit events are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("Audit events are never deleted.")


class Seal(models.Model):
    """The end of the chain: one row, which is also what sealers wait for so that there is one at a time."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")
    sealed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"
