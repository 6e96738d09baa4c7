"""The demonstration: plainly made-up people, and films of moving shapes. Never loaded in production."""

from __future__ import annotations

from accounts import demonstration

# (e-mail, name, role as people read it) of everybody who can sign in to the demonstration
DEMO_ACCOUNTS: list[tuple[str, str, str]] = [
    (email, name, str(role.label).lower()) for email, name, role in demonstration.PEOPLE
]
DEMO_PASSWORD = demonstration.PASSWORD
DEMO_PIN = demonstration.PIN
