"""Every address of the service, as every role, with GET and with POST.

An address that is not classified in ``RULES`` fails until somebody says who may open it. A stranger to a
family gets 404, as if the record did not exist; a colleague who may open the record but does not do this
kind of work gets 403; somebody without a sign-in is led to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Permission, User
from accounts.public import FRAME_VIEWS, PUBLIC_VIEWS
from tests.world import StandingWorld, World

OPEN, FORBIDDEN, HIDDEN, SIGN_IN = "open", "forbidden", "hidden", "led to sign-in"
PEOPLE = ["asha", "ben", "carol", "dev", "tess", "sue", "ina"]


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf: its name with namespace, and the parameters it takes."""

    name: str
    parameters: tuple[str, ...]


def addresses() -> list[Address]:
    def walk(resolver: URLResolver, namespace: str) -> Iterator[Address]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern, inner)
            elif isinstance(pattern, URLPattern):
                assert pattern.name, f"{pattern.pattern} has no name"
                yield Address(namespace + pattern.name, tuple(pattern.pattern.regex.groupindex))

    return list(walk(get_resolver(), ""))


# --- Who may ----------------------------------------------------------------------------------------------

Rule = Callable[[World, User], str]


def anybody_signed_in(world: World, user: User) -> str:
    return OPEN


def with_permission(*permissions: str) -> Rule:
    """A page of the service itself, for those who do this kind of work."""
    return lambda world, user: OPEN if any(user.can(each) for each in permissions) else FORBIDDEN


def of_the_case(permission: str = "") -> Rule:
    """A page about a family: 404 for strangers, 403 for a colleague whose work this is not."""

    def rule(world: World, user: User) -> str:
        if user not in (world.cast.asha, world.cast.carol, world.cast.ina):
            return HIDDEN
        return OPEN if not permission or user.can(permission) else FORBIDDEN

    return rule


def only(*names: str, others: str = HIDDEN) -> Rule:
    return lambda world, user: OPEN if user in [getattr(world.cast, name) for name in names] else others


def whoever_holds_what_it_names(world: World, user: User) -> str:
    """Bound to the person by what it names: nothing there is anybody else's."""
    return HIDDEN


def leads_or_manages(world: World, user: User) -> str:
    """The case's lead, and the manager of its team; others who may open the case hear that it is not theirs to do."""
    seen = of_the_case()(world, user)
    return FORBIDDEN if seen == OPEN and user == world.cast.ina else seen


def own_view(world: World, user: User) -> str:
    if user == world.cast.ina:
        return OPEN
    return HIDDEN if user.can(Permission.TRIAGE_REFERRALS) else FORBIDDEN


def own_consultation(world: World, user: User) -> str:
    """Struck out by whoever gave it and by a manager of the team; colleagues of the team read it, others do not."""
    if user.pk in {world.cast.asha.pk, world.cast.carol.pk}:
        return OPEN
    if not user.can(Permission.EDIT_CASES) or user in (world.cast.tess, world.cast.ina):
        return FORBIDDEN
    return HIDDEN


def safeguarding_lead(world: World, user: User) -> str:
    """The lead and the deputy, whether the record is theirs to open or not; colleagues hear that it is not theirs."""
    return OPEN if user in (world.cast.carol, world.cast.sue) else FORBIDDEN if see(world, user) == OPEN else HIDDEN


def lead_with_the_case(world: World, user: User) -> str:
    """Keeping a film begins on its page: a deputy to whom the record is not open has to open it first."""
    seen = see(world, user)
    return seen if seen == HIDDEN or user == world.cast.carol else FORBIDDEN


def manages_the_team(world: World, user: User) -> str:
    """The record is gone, and with it who could open it: a certificate is for those who manage the team it was of."""
    if not user.can(Permission.MANAGE_TEAM):
        return FORBIDDEN
    return OPEN if user == world.cast.carol else HIDDEN


see = of_the_case()
edit = of_the_case(Permission.EDIT_CASES)
play = of_the_case(Permission.PLAY_FILM)
analyse = of_the_case(Permission.ANALYSE_FILM)
settings_work = with_permission(Permission.MANAGE_SETTINGS)
accounts_work = with_permission(Permission.MANAGE_ACCOUNTS)

RULES: dict[str, Rule] = {}
# What is there is the person's own alone, and not everybody has it: allauth leads somebody without a second step, or
# whose password was not asked just now, elsewhere; nobody but its breaker mends glass. Nothing of a family is shown.
OWN_ALONE = {
    "families:glass-close",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}
KEYED_IN = (
    "key-in-resume",
    "key-in-not-this-time",
    "key-in-no-agreement",
    "key-in-help-now",
    "key-in-check",
    "key-in-declaration",
    "key-in-sent",
    "key-in-copy",
    "key-in-file-remove",
    "key-in-step",
    "key-in-item",
    "key-in-item-remove",
)
EXTRA: dict[str, dict[str, Any]] = {
    "referrals:key-in-file-remove": {"attachment": UUID(int=1)},
    "referrals:key-in-step": {"step": "start"},
    "referrals:key-in-item": {"step": "babies", "item": 1},
    "referrals:key-in-item-remove": {"step": "babies", "item": 1},
    "referrals:text": {"key": "guide"},
    "referrals:export": {"kind": "csv"},
    "outbox:wording": {"key": "duty-alert"},
    "referrals:letter": {"to": "referrer"},
    "referrals:decide": {"outcome": "advice"},
    "referrals:row-add": {"which": "reasons"},
    "referrals:row": {"which": "reasons", "row": 1},
    "clips:film-media": {"what": "frames"},
    "clips:clip-media": {"what": "play"},
    "accounts:person-step": {"step": "sign-out"},
    "families:offer": {"what": "films"},
    "families:delete": {"what": "films"},
    "families:retention-rule": {"key": "films"},
}
# Addresses that want another row than the usual one of its kind.
INSTEAD: dict[str, dict[str, str]] = {
    "clips:film-certificate": {"film": "gone"},
    "families:adoption-begin": {"person": "baby"},
    "families:identity": {"person": "baby"},
    "families:identity-readers": {"person": "baby"},
    "families:identity-strike": {"person": "baby"},
    "families:loss": {"person": "remembered"},
    "families:loss-wishes": {"person": "remembered"},
    "families:loss-asked": {"person": "remembered"},
    "families:loss-strike-out": {"person": "remembered"},
    "families:note-write": {"note": "draft"},
    "families:note-save": {"note": "draft"},
    "families:note-about": {"note": "draft"},
    "referrals:letter": {"referral": "came"},
    **{f"referrals:{name}": {"draft": "keyed_in"} for name in KEYED_IN},
    "accounts:person": {"person": "user"},
    "accounts:person-step": {"person": "user"},
}

# Public or a person's own: nothing of a family is on these.
for name in (
    "accounts:account",
    "accounts:pin",
    "accounts:sign-ins",
    "accounts:sign-out-elsewhere",
    "accounts:session-activity",
    "accounts:cover",
    "accounts:covered",
    "accounts:uncover",
    "accounts:signed-in",
    "account_reauthenticate",
    "account_change_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "desk:my-day",
):
    RULES[name] = anybody_signed_in

RULES |= {
    # A form kept while its screen was covered, and a person's own passkeys: another's do not exist.
    "accounts:held": whoever_holds_what_it_names,
    "mfa_edit_webauthn": anybody_signed_in,
    "mfa_remove_webauthn": anybody_signed_in,
    "accounts:people": accounts_work,
    "accounts:person-add": accounts_work,
    "accounts:person": accounts_work,
    "accounts:person-step": accounts_work,
    "accounts:team-add": accounts_work,
    "accounts:team": accounts_work,
    "accounts:audit-log": with_permission(Permission.READ_AUDIT),
    "desk:health": settings_work,
    "families:duty": with_permission(Permission.SEE_CASES),
    "families:shift-add": with_permission(Permission.MANAGE_TEAM),
    "families:shift-edit": with_permission(Permission.MANAGE_TEAM),
    "families:duty-rules": with_permission(Permission.MANAGE_TEAM, Permission.MANAGE_SETTINGS),
    "outbox:messages": settings_work,
    "outbox:message-decide": settings_work,
    "accounts:settings": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "families:list": with_permission(Permission.SEE_CASES),
    "families:likely": with_permission(Permission.EDIT_CASES),
    "families:duplicates": with_permission(Permission.MERGE_PEOPLE),
    "families:same-as": with_permission(Permission.MERGE_PEOPLE),
    "families:merge": with_permission(Permission.MERGE_PEOPLE),
    "families:merges": with_permission(Permission.MERGE_PEOPLE, Permission.UNDO_MERGES),
    "families:merge-undo": with_permission(Permission.UNDO_MERGES),
    "families:open": with_permission(Permission.OPEN_CASES),
    "families:glass-find": with_permission(Permission.BREAK_GLASS),
    # The form for a written reason: the same for any id, so that it gives no record away.
    "families:break-glass": with_permission(Permission.BREAK_GLASS),
    "families:glass-close": anybody_signed_in,
    "families:glass-notice": of_the_case(Permission.MANAGE_TEAM),
    "families:waiting": with_permission(Permission.MANAGE_TEAM, Permission.TRIAGE_REFERRALS),
    "families:capacity": with_permission(Permission.MANAGE_TEAM),
    "families:unavailable": of_the_case(Permission.EDIT_CASES),
    "families:unavailable-edit": of_the_case(Permission.EDIT_CASES),
    "families:unavailable-remove": of_the_case(Permission.EDIT_CASES),
    "families:restrict": of_the_case(Permission.MANAGE_TEAM),
    "families:adoption-begin": of_the_case(Permission.MANAGE_TEAM),
    # Who may know is named in the link itself: colleagues who open the record every day learn nothing of it.
    "families:identity": only("carol"),
    "families:identity-readers": only("carol"),
    "families:identity-strike": only("carol"),
    "families:restriction-lift": of_the_case(Permission.MANAGE_TEAM),
    "families:access": of_the_case(),
    "families:pack-ask": of_the_case(Permission.MANAGE_TEAM),
    "families:pack": of_the_case(Permission.MANAGE_TEAM),
    "families:pack-status": of_the_case(Permission.MANAGE_TEAM),
    "families:pack-download": of_the_case(Permission.MANAGE_TEAM),
    "families:pack-again": of_the_case(Permission.MANAGE_TEAM),
    "families:pack-end": of_the_case(Permission.MANAGE_TEAM),
    "families:kept": of_the_case(),
    "clips:uploads": anybody_signed_in,  # a person's own unfinished ones
    "clips:upload": only("asha"),
    "clips:upload-hash": only("asha"),
    "families:allocate": leads_or_manages,
    # A draft is its author's alone.
    "families:note-write": only("asha"),
    "families:note-save": only("asha"),
    "families:note-about": only("asha"),
    "families:note-templates": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "families:note-template-add": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "families:note-template-edit": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "families:consultations": with_permission(Permission.SEE_CASES),
    "families:consultation-log": with_permission(Permission.EDIT_CASES),
    "families:consultation-strike": own_consultation,
    "accounts:safeguarding-lead": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "clips:evidence": only("carol", "sue", others=FORBIDDEN),
    "clips:evidence-hold": lead_with_the_case,
    "clips:film-wrong": edit,
    "clips:film-right": leads_or_manages,
    "clips:film-move": leads_or_manages,
    "clips:film-destroy": leads_or_manages,
    "clips:film-copy": of_the_case(Permission.MANAGE_TEAM),
    "clips:film-retry": analyse,
    "clips:film-erased": analyse,
    "clips:marks": play,
    "clips:mark": play,
    "families:wordings": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "families:wording": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "clips:principles": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "outcomes:experience": with_permission(Permission.MANAGE_TEAM),
    "outcomes:measures": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "outcomes:measure": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "outcomes:measure-add": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "outcomes:measure-edit": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "clips:principle-add": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "clips:principle-edit": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
    "clips:principle-move": with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
}
RULES |= dict.fromkeys(
    (
        "families:case",
        "families:people",
        "families:person",
        "families:person-history",
        "families:professionals",
        "families:whereabouts",
        "families:placement",
        "families:loss",
        "families:consent",
        "families:consent-copy",
        "families:signature-picture",
        "families:consent-paper",
        "families:risk",
        "families:notes",
        "families:note",
        "families:documents",
        "families:document",
        "families:document-picture",
        "families:alert",
        "families:tasks",
        "outcomes:questions",
        "outcomes:goals",
        "outcomes:score",
        "outcomes:asking",
        "outcomes:critical",
        "clips:cycles",
        "clips:film",
        "clips:film-certificate",
        "clips:film-status",
        "vig_sessions:session",
    ),
    see,
)
RULES |= dict.fromkeys(
    (
        "families:stage",
        "families:pathway",
        "families:close",
        "families:reopen",
        "families:person-add",
        "families:person-edit",
        "families:person-contact",
        "families:person-about",
        "families:protect",
        "families:protection-end",
        "families:person-place",
        "families:person-known",
        "families:person-join",
        "families:need-add",
        "families:needs-asked",
        "families:need-edit",
        "families:placement-change",
        "families:placement-strike",
        "families:legal-add",
        "families:legal-edit",
        "families:address-add",
        "families:address-edit",
        "families:professional-add",
        "families:professional-edit",
        "families:person-born",
        "families:loss-record",
        "families:loss-wishes",
        "families:loss-asked",
        "families:loss-strike-out",
        "families:loss-messages",
        "families:loss-close",
        "families:consent-withdraw",
        "families:consent-record",
        "families:consent-sign",
        "families:ability",
        "families:risk-add",
        "families:risk-settle",
        "families:risk-review",
        "families:risk-flag",
        "families:risk-flag-down",
        "families:risk-shared",
        "families:risk-entry",
        "families:task-add",
        "families:task-edit",
        "families:task-done",
        "families:note-new",
        "families:note-add",
        "families:note-strike",
        "families:contact-log",
        "families:contact-edit",
        "families:contact-strike",
        "families:document-add",
        "families:document-strike",
        "families:document-edit",
        "outcomes:question-add",
        "outcomes:question-reword",
        "outcomes:goal-add",
        "outcomes:goal-reword",
        "outcomes:goal-rate",
        "outcomes:goal-rating-strike",
        "outcomes:goal-end",
        "outcomes:goal-reopen",
        "outcomes:score-choose",
        "outcomes:ask",
        "outcomes:asking-hand-over",
        "outcomes:asking-link",
        "outcomes:asking-send",
        "outcomes:asking-withdraw",
        "outcomes:score-add",
        "outcomes:score-strike",
        "vig_sessions:log",
        "vig_sessions:session-edit",
        "vig_sessions:session-cancel",
        "vig_sessions:cycle-open",
    ),
    edit,
)
RULES |= dict.fromkeys(
    (
        "families:pathways",
        "families:pathway-add",
        "families:pathway-edit",
        "families:pathway-move",
        "families:stage-row-add",
        "families:stage-row-edit",
        "families:stage-row-move",
        "families:closure-reasons",
        "families:closure-reason-add",
        "families:closure-reason-edit",
        "families:closure-reason-move",
        "families:case-limits",
        "families:retention-rules",
        "families:retention-rule",
    ),
    with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
)
RULES |= dict.fromkeys(
    (
        "clips:evidence-film",
        "clips:evidence-media",
        "clips:evidence-note",
        "clips:evidence-told",
        "clips:evidence-keep-on",
        "clips:evidence-release",
    ),
    safeguarding_lead,
)
RULES |= dict.fromkeys(
    ("families:hold-add", "families:hold-lift", "families:offer", "families:offer-answer", "families:delete"),
    of_the_case(Permission.MANAGE_TEAM),
)
RULES["families:retention"] = with_permission(Permission.MANAGE_TEAM)
RULES |= dict.fromkeys(("families:erasure", "families:erasure-status", "families:erasure-pdf"), manages_the_team)
takes_referrals_in = with_permission(Permission.TRIAGE_REFERRALS)
RULES |= dict.fromkeys(
    (
        f"referrals:{name}"
        for name in (
            *KEYED_IN,
            "key-in",
            "calls",
            "call",
            "queue",
            "take-on",
            "ask",
            "note",
            "priority",
            "accept",
            "undo",
            "leave",
            "what-was-sent",
            "export",
            "view-keep",
            "meetings",
            "meeting-begin",
            "meeting",
            "meeting-next",
            "meeting-end",
        )
    ),
    takes_referrals_in,
)
RULES["referrals:decide"] = takes_referrals_in
RULES |= dict.fromkeys(("outbox:wordings", "outbox:wording"), settings_work)
RULES["referrals:letter"] = lambda world, user: OPEN if user.can(Permission.TRIAGE_REFERRALS) else see(world, user)
# A view of the queue is its owner's alone.
RULES |= dict.fromkeys(("referrals:view-edit", "referrals:view-remove"), own_view)
# Whoever takes referrals in reads them all; others those given to them and those of their cases.
RULES |= dict.fromkeys(
    ("referrals:referral", "referrals:attachment"),
    lambda world, user: OPEN if user.can(Permission.TRIAGE_REFERRALS) else HIDDEN,
)
RULES |= dict.fromkeys(
    (f"referrals:{name}" for name in ("settings", "rules", "area", "text", "row", "row-add")),
    with_permission(Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
)
RULES["families:next-case"] = of_the_case(Permission.OPEN_CASES)
RULES |= dict.fromkeys(
    ("clips:film-media", "clips:clip-media", "clips:still-media", "clips:workspace", "clips:workspace-fragment"), play
)
RULES |= dict.fromkeys(
    (
        "clips:film-upload",
        "clips:stills",
        "clips:film-concern",
        "clips:mark-restore",
        "clips:mark-retry",
        "clips:mark-choose",
        "clips:choose",
        "clips:review",
        "clips:words",
        "clips:cycle-close",
    ),
    analyse,
)


def outcome(response: HttpResponse) -> str:
    if response.status_code == 401 or (
        response.status_code in {302, 303} and "/account/login/" in response.headers.get("Location", "")
    ):
        return SIGN_IN
    return {403: FORBIDDEN, 404: HIDDEN, 405: "no such method"}.get(response.status_code, OPEN)


def address_of(world: World, address: Address) -> str:
    given = world.parameters()
    kwargs: dict[str, Any] = dict(EXTRA.get(address.name, {}))
    for parameter in address.parameters:
        if parameter in kwargs:
            continue
        if address.name == "account_reset_password_from_key":
            kwargs[parameter] = {"uidb36": "1", "key": "not-a-key"}[parameter]
        elif parameter == "pk":
            kwargs[parameter] = world.cast.north.pk if address.name == "accounts:team" else world.cast.ben.pk
        elif parameter == "token":
            kwargs[parameter] = "not-a-token"
        else:
            assert parameter in given, f"{address.name} takes <{parameter}>: give tests/world.py one"
            kwargs[parameter] = given[INSTEAD.get(address.name, {}).get(parameter, parameter)]
    return reverse(address.name, kwargs=kwargs)


@pytest.fixture
def world(standing_world: StandingWorld, db: None, settings: LazySettings) -> World:
    settings.MEDIA_STORE = standing_world.store
    return standing_world.world


ADDRESSES = addresses()
CLOSED = [address for address in ADDRESSES if address.name not in PUBLIC_VIEWS]


def ids(address: Address) -> str:
    return address.name


def test_every_address_says_who_may_open_it() -> None:
    silent = [address.name for address in CLOSED if address.name not in RULES]
    assert not silent, f"Classify in tests/test_access.py: {silent}"


def test_no_rule_speaks_of_an_address_that_is_gone() -> None:
    assert set(RULES) <= {address.name for address in ADDRESSES}


@pytest.mark.parametrize("address", CLOSED, ids=ids)
def test_without_a_sign_in_nothing_opens(world: World, address: Address) -> None:
    for client in (Client(), Client(headers={"X-Requested-With": "fetch"})):
        for method in ("get", "post", "put", "delete"):
            if address.name == "clips:upload" and method == "delete":
                continue
            response = getattr(client, method)(address_of(world, address))
            assert outcome(response) in {SIGN_IN, "no such method"}, f"{method}: {response.status_code}"


@pytest.mark.parametrize("address", CLOSED, ids=ids)
def test_each_role_opens_what_is_theirs_and_nothing_else(world: World, address: Address) -> None:
    rule = RULES.get(address.name)
    assert rule, f"Classify {address.name}"
    url = address_of(world, address)
    for name in PEOPLE:
        user = getattr(world.cast, name)
        expected = rule(world, user)
        client = Client()
        client.force_login(user)
        got = outcome(client.get(url))
        if address.name in OWN_ALONE:
            assert got != SIGN_IN
            continue
        if expected == OPEN:
            assert got in {OPEN, "no such method"}, f"{name} should open {url}, got {got}"
            continue
        # A role whose work this never is may hear so for any id: that gives no record away.
        role_never = expected == HIDDEN and not user.can(Permission.SEE_CASES)
        allowed = {expected, "no such method"} | ({FORBIDDEN} if role_never or user.role == "trainee" else set())
        assert got in allowed, f"GET as {name}: {url} should be {expected}, got {got}"
        for body in ({}, "{}"):
            content_type = {"content_type": "application/json"} if isinstance(body, str) else {}
            posted = outcome(client.post(url, body, **content_type))
            assert posted in allowed, f"POST as {name}: {url} should be {expected}, got {posted}"


# --- The room: a lease instead of a sign-in ------------------------------------------------------------------

ROOM = [address for address in ADDRESSES if address.name.startswith(("clips:room", "clips:rate"))]


@pytest.mark.parametrize("address", ROOM, ids=ids)
def test_without_a_lease_no_room_opens_for_anybody(world: World, address: Address) -> None:
    assert address.name in PUBLIC_VIEWS
    kwargs = dict.fromkeys(address.parameters, 1)
    url = reverse(address.name, kwargs=kwargs)
    strangers = [Client(), Client(), Client()]
    strangers[1].force_login(world.cast.asha)
    strangers[2].cookies["vig_room"] = "not-a-token"
    told = ["Rowan", "Sam", "settle", str(world.review.pk), str(world.clip.pk), "He waits"]
    for client in strangers:
        for method in ("get", "post"):
            response = getattr(client, method)(url)
            assert response.status_code in {401, 403, 404, 405, 410}, f"{method} {url}: {response.status_code}"
            text = b"".join(response) if response.streaming else response.content
            assert not [word for word in told if word.encode() in text]


# --- The frame: the same -------------------------------------------------------------------------------------

FRAME = [address for address in ADDRESSES if address.name.startswith("families:frame")]


def test_every_address_of_the_frame_is_known_to_the_door() -> None:
    together = {address.name for address in ADDRESSES if reverse_of_frame(address).startswith("/together/")}
    assert together == {address.name for address in FRAME} == FRAME_VIEWS


def reverse_of_frame(address: Address) -> str:
    """The address with any step, if it takes nothing but that; else empty."""
    if set(address.parameters) - {"step"}:
        return ""
    return reverse(address.name, kwargs=dict.fromkeys(address.parameters, "next"))


@pytest.mark.parametrize("address", FRAME, ids=ids)
def test_without_a_lease_no_frame_opens_for_anybody(world: World, address: Address) -> None:
    assert address.name in PUBLIC_VIEWS
    url = reverse_of_frame(address)
    strangers = [Client(), Client(), Client()]
    strangers[1].force_login(world.cast.asha)
    strangers[2].cookies["vig_frame"] = "not-a-token"
    told = ["Rowan", "Sam", "Asha", str(world.family.case.pk)]
    for client in strangers:
        for method in ("get", "post"):
            response = getattr(client, method)(url)
            assert response.status_code in {404, 405}, f"{method} {url}: {response.status_code}"
            assert not [word for word in told if word.encode() in response.content]
