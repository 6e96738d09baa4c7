"""The record's own lines on the settings page."""

from __future__ import annotations

from accounts.registry import SettingsPage
from accounts.roles import Permission

MANAGERS = (Permission.MANAGE_TEAM, Permission.MANAGE_SETTINGS)

PAGES = (
    SettingsPage(
        "Pathways and stages",
        "families:pathways",
        "The ways you work, their stages, and after how many days a case is amber or red",
        MANAGERS,
        order=10,
    ),
    SettingsPage(
        "Why work ends", "families:closure-reasons", "What is chosen from when a case is closed", MANAGERS, order=20
    ),
    SettingsPage(
        "Ages",
        "families:case-limits",
        "Until what age you work with an infant, and how early a case says so",
        MANAGERS,
        order=30,
    ),
    SettingsPage(
        "How long records are kept",
        "families:retention-rules",
        "Films, children’s and caregivers’ records: how long, counted from what, and by which rule",
        MANAGERS,
        order=40,
    ),
)
