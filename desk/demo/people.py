"""Who signs in to the demonstration."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from accounts.demonstration import PASSWORD, PEOPLE, PIN
from accounts.models import Role, Team, User
from desk.demo.families import Staff

SUPERVISOR, MANAGER = "sue@demo.example", "carol@demo.example"
OTHER_TEAM = {"ben@demo.example", SUPERVISOR}
NO_TEAM = {"dev@demo.example"}


def make_people() -> Staff:
    """Two teams and everybody of ``accounts.demonstration``, with one password and one PIN."""
    riverside, _ = Team.objects.get_or_create(name="Riverside")
    hilltop, _ = Team.objects.get_or_create(name="Hilltop")
    # one slow hash of each for everybody: they share the password, and the first start is waited for
    password, pin = make_password(PASSWORD), make_password(PIN)
    made: dict[str, User] = {}
    # a trainee names a supervisor, so the supervisor comes first
    for email, name, role in sorted(PEOPLE, key=lambda person: person[2] != Role.SUPERVISOR):
        user = User(
            email=email,
            name=name,
            role=role,
            team=None if email in NO_TEAM else hilltop if email in OTHER_TEAM else riverside,
            supervisor=made[SUPERVISOR] if role == Role.TRAINEE else None,
            password=password,
            pin_hash=pin,
        )
        user.save()
        made[email] = user
    made[MANAGER].teams_managed.add(riverside, hilltop)

    return _staff(riverside, hilltop, made)


def known_staff() -> Staff:
    """Those of a demonstration that is there already."""
    people = {user.email: user for user in User.objects.filter(email__endswith="@demo.example")}
    return _staff(Team.objects.get(name="Riverside"), Team.objects.get(name="Hilltop"), people)


def _staff(riverside: Team, hilltop: Team, people: dict[str, User]) -> Staff:
    first_names = ("asha", "ben", "tess", "sue", "ina")
    return Staff(riverside, hilltop, *(people[f"{first}@demo.example"] for first in first_names))
