"""Who signs in to the demonstration. ``seed_demo`` makes them; the sign-in page names them; production has none."""

from __future__ import annotations

from accounts.roles import Role

PASSWORD = "three-kind-otters"  # noqa: S105 # shown on the sign-in page of the demonstration
PIN = "271828"

# (e-mail, name, role)
PEOPLE: tuple[tuple[str, str, Role], ...] = (
    ("asha@demo.example", "Asha Rahman", Role.PRACTITIONER),
    ("ben@demo.example", "Ben Okafor", Role.PRACTITIONER),
    ("tess@demo.example", "Tess Lindqvist", Role.TRAINEE),
    ("sue@demo.example", "Sue Kowalska", Role.SUPERVISOR),
    ("carol@demo.example", "Carol Price", Role.MANAGER),
    ("ina@demo.example", "Ina Duarte", Role.INTAKE),
    ("dev@demo.example", "Dev Murphy", Role.ADMINISTRATOR),
)
