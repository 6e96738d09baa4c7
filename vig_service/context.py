"""What the page frame needs: the service's name, the way round it for this person's role, whom to ask."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts.registry import settings_pages_for
from accounts.roles import Permission


@dataclass(frozen=True)
class Place:
    """One entry of the navigation; ``current`` is "page", "section" or empty."""

    label: str
    url: str
    current: str


# Shown to those who may change some of them; its pages stand in the namespaces of the apps whose they are.
SETTINGS = "accounts:settings"
SETTINGS_ROUTES = ("settings/", "principles/", "referrals/settings/")

# Duty stands in the namespace of families, and on its own in the navigation.
DUTY = frozenset(
    {"families:duty", "families:shift-add", "families:shift-edit", "families:duty-rules", "families:alert"}
)

# (label, address name, permissions of which one is enough, namespaces and pages that belong to it)
PLACES: tuple[tuple[str, str, tuple[str, ...], frozenset[str]], ...] = (
    ("My day", "desk:my-day", (), frozenset()),
    (
        "Families",
        "families:list",
        (Permission.SEE_CASES,),
        frozenset({"families", "outcomes", "vig_sessions", "sessions", "clips"}),
    ),
    (
        "Referrals",
        "referrals:queue",
        (Permission.TRIAGE_REFERRALS,),
        frozenset({"referrals"}),
    ),
    ("Duty", "families:duty", (Permission.SEE_CASES,), DUTY),
    (
        "People who sign in",
        "accounts:people",
        (Permission.MANAGE_ACCOUNTS,),
        frozenset(
            {"accounts:person", "accounts:person-add", "accounts:person-step", "accounts:team", "accounts:team-add"}
        ),
    ),
    ("Settings", SETTINGS, (), frozenset()),
    ("Audit", "accounts:audit-log", (Permission.READ_AUDIT,), frozenset()),
    ("Messages", "outbox:messages", (Permission.MANAGE_SETTINGS,), frozenset()),
    ("Health", "desk:health", (Permission.MANAGE_SETTINGS,), frozenset()),
)


def service(request: HttpRequest) -> dict[str, Any]:
    """Context of every page. Asks the database for nothing but the person who is signed in."""
    user = getattr(request, "user", None)
    signed_in = bool(user is not None and user.is_authenticated)
    context = identity()
    context["signed_in"] = signed_in
    if user is not None and signed_in:
        context["navigation"] = navigation(request)
        context["search_url"] = _address("families:list") if user.can(Permission.SEE_CASES) else ""
        context["account_url"] = _address("accounts:account")
        context["sign_out_url"] = _address("account_logout")
        context["home_url"] = _address("desk:my-day") or "/"
    return context


def identity() -> dict[str, Any]:
    """What can be said without a request: error pages use this alone."""
    return {
        "service_name": settings.SERVICE_NAME,
        "service_phone": settings.SERVICE_PHONE,
        "service_email": settings.SERVICE_EMAIL,
        "service_version": version(),
        "accessibility_url": _address("accessibility"),
        "vig_mode": settings.VIG_MODE,
        "is_demo": settings.VIG_MODE == "demo",
        "home_url": "/",
    }


def navigation(request: HttpRequest) -> list[Place]:
    """The parts of the service that this person's role has work in, in the order of a day."""
    match = getattr(request, "resolver_match", None)
    here = match.view_name if match else ""
    namespace = match.namespace if match else ""
    in_settings = ((match.route if match else "") or "").startswith(SETTINGS_ROUTES)
    belongs_to = {SETTINGS} if in_settings else {here} if here in DUTY else {here, namespace}
    places = []
    for label, name, permissions, belonging in PLACES:
        url = _address(name)
        may = not permissions or any(request.user.can(each) for each in permissions)  # type: ignore[union-attr]
        if name == SETTINGS:
            may = bool(settings_pages_for(request.user))  # type: ignore[arg-type]
        if not url or not may:
            continue
        current = "page" if here == name else "section" if {name, *belonging} & belongs_to else ""
        places.append(Place(label, url, current))
    return places


def _address(name: str) -> str:
    """The address of a named page, or nothing: the page of an error must not fail for want of a link."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@cache
def version() -> str:
    """The version of the service, as pyproject.toml says it."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
