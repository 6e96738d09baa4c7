"""Questionnaires that wait for somebody's answers."""

from __future__ import annotations

from families.models import Case
from outcomes.models import Asking


def askings_open(case: Case) -> list[Asking]:
    """What is still open of a case, the newest first, in one query."""
    return list(Asking.objects.open().filter(case=case).select_related("person", "version", "message"))
