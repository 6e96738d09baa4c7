"""Who may do what. Roles are code, one enum, described so that a manager can read them.

What a role may *see* of families is in ``families`` (``visible_to``); a permission here says which kinds of
work a role does at all.
"""

from __future__ import annotations

from django.db import models


class Permission(models.TextChoices):
    """One kind of work."""

    SEE_CASES = "see_cases", "Open the records of families of their own and of their team"
    SEE_ALL_CASES = "see_all_cases", "Open the records of families of every team"
    EDIT_CASES = "edit_cases", "Write in the records they may open"
    OPEN_CASES = "open_cases", "Open a new case for a family"
    TRIAGE_REFERRALS = "triage_referrals", "Read referrals, and decide what becomes of them"
    PLAY_FILM = "play_film", "Play the films of their cases, while everyone in them agrees"
    ANALYSE_FILM = "analyse_film", "Upload films, mark moments and lead shared reviews"
    BREAK_GLASS = "break_glass", "Open what their role does not show, for a reason that is written down"
    MERGE_PEOPLE = "merge_people", "Bring two records of the same person together"
    UNDO_MERGES = "undo_merges", "Undo within 30 days that two records were brought together"
    SUPERVISE = "supervise", "See the cases and the shared-review films of the people they supervise"
    READ_AUDIT = "read_audit", "Read who did and who saw what"
    MANAGE_TEAM = "manage_team", "Allocate cases and read reports about their teams"
    MANAGE_ACCOUNTS = "manage_accounts", "Add people, change their roles, sign them out"
    MANAGE_SETTINGS = "manage_settings", "Change the service's settings and read its health"


class Role(models.TextChoices):
    """A person's job in this service."""

    PRACTITIONER = "practitioner", "Practitioner"
    TRAINEE = "trainee", "Practitioner in training"
    SUPERVISOR = "supervisor", "Supervisor"
    MANAGER = "manager", "Manager"
    INTAKE = "intake", "Intake worker"
    ADMINISTRATOR = "administrator", "Administrator"


DESCRIPTIONS: dict[str, str] = {
    Role.PRACTITIONER: "Works with families: their own cases, and those of their team.",
    Role.TRAINEE: "Works with families under a named supervisor: the cases they lead or join.",
    Role.SUPERVISOR: (
        "Works with families, and sees the cases of the trainees who name them, and the films of shared "
        "reviews while everyone in the film agrees to supervision."
    ),
    Role.MANAGER: (
        "Sees referrals and the records of their teams, allocates and reports. Plays no film without a written reason."
    ),
    Role.INTAKE: "Takes referrals in, opens cases and keeps contact details. Plays no film without a written reason.",
    Role.ADMINISTRATOR: "Keeps accounts and settings. Sees nothing of any family without a written reason.",
}

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.PRACTITIONER: frozenset(
        {
            Permission.SEE_CASES,
            Permission.EDIT_CASES,
            Permission.OPEN_CASES,
            Permission.PLAY_FILM,
            Permission.ANALYSE_FILM,
            Permission.BREAK_GLASS,
        }
    ),
    Role.TRAINEE: frozenset(
        {Permission.SEE_CASES, Permission.EDIT_CASES, Permission.PLAY_FILM, Permission.ANALYSE_FILM}
    ),
    Role.SUPERVISOR: frozenset(
        {
            Permission.SEE_CASES,
            Permission.EDIT_CASES,
            Permission.OPEN_CASES,
            Permission.PLAY_FILM,
            Permission.ANALYSE_FILM,
            Permission.BREAK_GLASS,
            Permission.SUPERVISE,
        }
    ),
    Role.MANAGER: frozenset(
        {
            Permission.SEE_CASES,
            Permission.EDIT_CASES,
            Permission.OPEN_CASES,
            Permission.TRIAGE_REFERRALS,
            Permission.BREAK_GLASS,
            Permission.READ_AUDIT,
            Permission.MANAGE_TEAM,
            Permission.MERGE_PEOPLE,
            Permission.UNDO_MERGES,
        }
    ),
    Role.INTAKE: frozenset(
        {
            Permission.SEE_CASES,
            Permission.SEE_ALL_CASES,
            Permission.EDIT_CASES,
            Permission.OPEN_CASES,
            Permission.TRIAGE_REFERRALS,
            Permission.BREAK_GLASS,
            Permission.MERGE_PEOPLE,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.BREAK_GLASS,
            Permission.MANAGE_ACCOUNTS,
            Permission.MANAGE_SETTINGS,
            Permission.READ_AUDIT,
            Permission.UNDO_MERGES,
        }
    ),
}
