"""Reasons to open a record that a role alone would not open."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.roles import Permission
from families.models.case import Case
from families.models.restriction import Restriction

if TYPE_CHECKING:
    from accounts.models import User


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def visible_to(self, user: User) -> BreakGlassQuerySet:
        return self.filter(case__in=Case.objects.visible_to(user))

    def standing(self) -> BreakGlassQuerySet:
        """Those that open something at this moment."""
        return self.filter(until__gt=timezone.now())

    def unseen_by_managers_of(self, user: User) -> BreakGlassQuerySet:
        """What a manager of the case's team, or whoever a restriction names, has not looked at yet; nobody
        confirms their own, and a restricted record's are for those alone who may open it."""
        theirs = Q(case__family__in=Restriction.objects.standing().filter(named=user).values("family"))
        if user.can(Permission.MANAGE_TEAM):
            theirs |= Q(case__team__in=user.teams_managed.all())
        return self.visible_to(user).filter(theirs, seen_at__isnull=True).exclude(user=user)


class BreakGlass(models.Model):
    """Somebody opened, for a written reason and a short time, what their role does not show.

    ``film`` also lets them play the films of the case, while everyone in shot consents.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="glass_broken")
    case = models.ForeignKey(Case, models.CASCADE, related_name="glass_broken")
    reason = models.TextField()
    film = models.BooleanField(default=False)
    refused = models.BooleanField(default=False)  # asked for a record that is restricted: nothing was opened
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)  # by a manager of the case's team
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"Glass broken {self.at:%Y-%m-%d %H:%M}"
