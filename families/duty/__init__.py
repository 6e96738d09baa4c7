"""Duty: who is on, and what they have to look at today.

Other apps call ``alert``; it is written in their transaction, told to whoever is on duty, and climbs (``climbing``)
until somebody answers it.
"""

from families.duty.alerts import acknowledge, alert
from families.duty.rota import on_duty, rules

__all__ = ["acknowledge", "alert", "on_duty", "rules"]
