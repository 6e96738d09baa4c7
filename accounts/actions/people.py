"""What an administrator does with the accounts of others.

A refusal is a ``ValidationError`` that says what to do; its message belongs to a field where there is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.actions.screen import sign_out_everywhere
from accounts.models import HeldForm, Role, Team, User
from accounts.registry import still_needed
from audit.actions import record

FACTS = ("name", "email", "role", "team", "supervisor")


@transaction.atomic
def add_person(
    *,
    by: User | None,
    name: str,
    email: str,
    role: str,
    team: Team | None = None,
    supervisor: User | None = None,
    teams_managed: Iterable[Team] = (),
) -> User:
    """Make an account that has no password yet; ``letters.send_link`` lets the person choose one.

    ``by`` is None when an operator makes the first one by ``manage.py create_administrator``.
    """
    user = User(name=name, email=email.strip().lower(), role=role, team=team)
    user.supervisor = supervisor if role == Role.TRAINEE else None
    user.set_unusable_password()
    user.full_clean()
    user.save()
    user.teams_managed.set(teams_managed if role == Role.MANAGER else [])
    record(by=by, verb="account.added", subject=user, role=role)
    return user


@transaction.atomic
def change_person(
    *,
    by: User,
    user: User,
    name: str,
    email: str,
    role: str,
    team: Team | None = None,
    supervisor: User | None = None,
    teams_managed: Iterable[Team] = (),
) -> User:
    """Change who somebody is here. Nobody changes their own role, and the last administrator stays one."""
    was = User.objects.select_for_update().get(pk=user.pk)
    if was.role != role:
        if by.pk == user.pk:
            raise ValidationError({"role": "You cannot change your own role. Ask another administrator"})
        _keep_an_administrator(without=was)
        _no_trainees_left(was, "role")
        if said := still_needed(was, role):
            raise ValidationError({"role": said})
    before: dict[str, Any] = {fact: getattr(was, fact) for fact in FACTS}
    user.name, user.email, user.role, user.team = name, email.strip().lower(), role, team
    user.supervisor = supervisor if role == Role.TRAINEE else None
    user.full_clean(exclude=["password"])
    user.save()
    managed_before = set(user.teams_managed.values_list("pk", flat=True))
    user.teams_managed.set(teams_managed if role == Role.MANAGER else [])
    changed = [fact for fact in FACTS if before[fact] != getattr(user, fact)]
    if managed_before != set(user.teams_managed.values_list("pk", flat=True)):
        changed.append("teams_managed")
    if "email" in changed:
        # The sign-in library keeps its own list of addresses; an old one there would still open the account.
        EmailAddress.objects.filter(user=user).delete()
    if changed:
        record(by=by, verb="account.changed", subject=user, changed=changed, role_before=before["role"], role=role)
    return user


@transaction.atomic
def close_account(*, by: User, user: User) -> None:
    """Nobody signs in with it any more, and every sign-in ends at once. What the person wrote stays theirs."""
    if by.pk == user.pk:
        raise ValidationError("You cannot close your own account. Ask another administrator.")
    locked = User.objects.select_for_update().get(pk=user.pk)
    _keep_an_administrator(without=locked)
    _no_trainees_left(locked)
    if said := still_needed(locked):
        raise ValidationError(said)
    user.is_active = False
    user.save(update_fields=["is_active"])
    HeldForm.objects.filter(user=user).delete()
    record(by=by, verb="account.closed", subject=user)
    sign_out_everywhere(by=by, user=user)


@transaction.atomic
def reopen_account(*, by: User, user: User) -> None:
    """Let somebody back in, with the password and second step that they had."""
    user.is_active = True
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as problem:
        raise ValidationError([f"{message}" for message in problem.messages]) from problem
    user.save(update_fields=["is_active"])
    record(by=by, verb="account.reopened", subject=user)


@transaction.atomic
def reset_second_step(*, by: User, user: User) -> None:
    """For somebody who has lost phone and passkeys. They set up a new one at the next sign-in where it is required."""
    if by.pk == user.pk:
        raise ValidationError("Change your own second step on your account page.")
    kinds = sorted(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    Authenticator.objects.filter(user_id=user.pk).delete()
    record(by=by, verb="factor.reset", subject=user, kinds=kinds)
    sign_out_everywhere(by=by, user=user)


def _keep_an_administrator(*, without: User) -> None:
    if without.role != Role.ADMINISTRATOR or not without.is_active:
        return
    # Locked, so that two administrators cannot close one another at the same moment.
    others = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True)
    if not [other for other in others if other.pk != without.pk]:
        raise ValidationError("This is the last administrator. Make somebody else an administrator first.")


def _no_trainees_left(user: User, field: str = "") -> None:
    names = [trainee.name for trainee in user.supervisees.filter(is_active=True, role=Role.TRAINEE)]
    if not names:
        return
    message = f"{user.name} supervises {' and '.join(names)}. Choose another supervisor for them first."
    raise ValidationError({field: message} if field else message)


# --- Teams ------------------------------------------------------------------------------------------------


@transaction.atomic
def add_team(*, by: User, name: str) -> Team:
    team = Team(name=name.strip())
    team.full_clean()
    team.save()
    record(by=by, verb="team.added", subject=team)
    return team


@transaction.atomic
def rename_team(*, by: User, team: Team, name: str) -> Team:
    team.name = name.strip()
    team.full_clean()
    team.save(update_fields=["name"])
    record(by=by, verb="team.renamed", subject=team)
    return team
