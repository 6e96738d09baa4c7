"""The door in a real browser: the cover, the countdown, coming back, passkeys, all without a mouse if need be."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import PHONE, Authenticator, axe, offline, screenshot
from tests.cast import PASSWORD, PIN
from tests.stack import Stack, running

pytestmark = pytest.mark.journey
COVER = "#vig-cover"
IDLE = 12  # seconds, in the stack that is impatient
WORDS = "She looked up and waited for him."
PEOPLE = """
from django.contrib.auth.hashers import make_password
from accounts.models import Role, Team, User
north = Team.objects.create(name="North")
password, pin = make_password(PASSWORD), make_password(PIN)
for name, role, team in (("Asha", Role.PRACTITIONER, north), ("Ben", Role.PRACTITIONER, north),
                         ("Dev", Role.ADMINISTRATOR, None), ("Pia", Role.ADMINISTRATOR, None)):
    User.objects.create(email=f"{name.lower()}@service.example", name=f"{name} Example", role=role, team=team,
                        password=password, pin_hash=pin)
"""


@pytest.fixture(scope="module")
def calm() -> Iterator[Stack]:
    with running(beat=False, workers=()) as stack:
        stack.python(PEOPLE, PASSWORD=PASSWORD, PIN=PIN)
        yield stack


@pytest.fixture(scope="module")
def impatient() -> Iterator[Stack]:
    """Covers itself after twelve seconds, and says so six seconds before."""
    with running(beat=False, workers=(), VIG_IDLE_SECONDS=str(IDLE), VIG_IDLE_WARNING_SECONDS="6") as stack:
        stack.python(PEOPLE, PASSWORD=PASSWORD, PIN=PIN)
        yield stack


def sign_in(page: Page, stack: Stack, name: str = "dev", to: str = "/teams/add/") -> None:
    page.goto(f"{stack.base_url}/account/login/?next={to}")
    page.get_by_label("Email address").fill(f"{name}@service.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(stack.base_url + to)


def uncover(page: Page, pin: str = PIN) -> None:
    page.locator("#vig-cover-pin").fill(pin)
    page.keyboard.press("Enter")


def neutral(page: Page, stack: Stack) -> None:
    """Nothing that an onlooker sees tells what is under the cover."""
    expect(page.locator(COVER)).to_be_visible()
    assert page.title() == "Paused"
    assert page.url == f"{stack.base_url}/session/covered/"
    assert page.evaluate("document.querySelector('link[rel~=icon]').href").endswith("paused.svg")
    expect(page.locator("header")).to_be_hidden()
    expect(page.locator("main")).to_be_hidden()


def test_f2_covers_although_the_script_of_the_cover_is_still_on_its_way(calm: Stack, page: Page) -> None:
    sign_in(page, calm)
    held: list[Route] = []
    page.route("**/accounts/session.js", lambda route: held.append(route))
    page.goto(f"{calm.base_url}/me/", wait_until="commit")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    page.keyboard.press("F2")
    assert page.evaluate("getComputedStyle(document.body).visibility") == "hidden"
    for route in held:
        route.continue_()
    neutral(page, calm)
    uncover(page)
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).visibility") == "visible"


def test_f2_covers_at_once_and_what_was_typed_is_still_there(calm: Stack, page: Page) -> None:
    sign_in(page, calm)
    name = page.get_by_label("Name of the team")
    name.fill(WORDS)
    title = page.title()
    page.keyboard.press("F2")
    neutral(page, calm)
    expect(page.locator("#vig-cover-pin")).to_be_focused()
    screenshot(page, "cover")
    axe(page)
    for _ in range(3):
        page.keyboard.press("Escape")
    neutral(page, calm)
    uncover(page, "000000")
    expect(page.get_by_text("That is not your PIN. 4 tries are left")).to_be_visible()
    axe(page)
    uncover(page)
    expect(page.locator(COVER)).to_be_hidden()
    expect(name).to_have_value(WORDS)
    expect(name).to_be_focused()
    assert page.title() == title
    assert page.url == f"{calm.base_url}/teams/add/"
    page.get_by_role("button", name="Add this team").click()
    expect(page.get_by_text(f"The team {WORDS} is added.")).to_be_visible()


def test_the_password_uncovers_when_the_pin_is_forgotten(calm: Stack, page: Page) -> None:
    sign_in(page, calm, to="/me/")
    page.get_by_role("button", name="Cover this screen").click()
    neutral(page, calm)
    page.get_by_role("button", name="Use my password instead").click()
    page.locator("#vig-cover-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


def test_no_key_reaches_the_page_while_it_is_covered(calm: Stack, page: Page) -> None:
    sign_in(page, calm, to="/me/")
    page.evaluate(
        "() => { window.heard = []; for (const kind of ['keydown', 'keyup', 'input', 'click'])"
        " document.addEventListener(kind, (event) => window.heard.push(event.key || kind)); }"
    )
    page.keyboard.press("F2")
    neutral(page, calm)
    page.keyboard.type("123")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    where = page.evaluate_handle("document.activeElement")
    assert page.evaluate("(it) => it === document.body || it.closest('#vig-cover') !== null", where)
    assert page.evaluate("window.heard") == []


def test_every_tab_of_the_sign_in_is_covered_and_uncovered_together(calm: Stack, page: Page) -> None:
    sign_in(page, calm, to="/me/")
    other = page.context.new_page()
    other.goto(f"{calm.base_url}/me/sign-ins/")
    page.bring_to_front()
    page.keyboard.press("F2")
    expect(other.locator(COVER)).to_be_visible(timeout=2000)
    neutral(other, calm)
    uncover(page)
    expect(page.locator(COVER)).to_be_hidden()
    expect(other.locator(COVER)).to_be_hidden()
    assert other.url.endswith("/me/sign-ins/")


def test_a_tab_that_hears_nothing_from_the_others_finds_out_within_five_seconds(calm: Stack, page: Page) -> None:
    """As when something is opened for a family: the server covers."""
    sign_in(page, calm, "pia", to="/me/")
    calm.python(
        "from django.utils import timezone\nfrom accounts.models import SignIn\n"
        "SignIn.objects.filter(user__name='Pia Example').update(covered_at=timezone.now())"
    )
    expect(page.locator(COVER)).to_be_visible(timeout=6500)
    neutral(page, calm)


def test_loading_again_and_going_back_show_nothing_while_covered(calm: Stack, page: Page) -> None:
    sign_in(page, calm, to="/people/")
    page.goto(f"{calm.base_url}/teams/add/")
    page.keyboard.press("F2")
    neutral(page, calm)
    page.wait_for_timeout(500)
    page.reload()
    assert page.title() == "Paused"
    expect(page.get_by_text("Dev")).to_have_count(0)
    page.go_back()
    expect(page).to_have_title("Paused")
    expect(page.get_by_text("Asha")).to_have_count(0)
    assert "people" not in page.url
    page.get_by_label("Your PIN").fill(PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("People who sign in|Add a team"))).to_be_visible()


def test_a_page_out_of_the_browser_s_memory_shows_nothing_before_the_server_was_asked(calm: Stack, page: Page) -> None:
    sign_in(page, calm, to="/people/")
    # The page's own first "pageshow" comes right after loading, and would show it again.
    page.wait_for_function("() => performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
    expect(page.locator("#vig-cover[data-listening]")).to_be_attached()
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert page.evaluate("getComputedStyle(document.body).visibility") == "hidden"
    calm.python(
        "from django.utils import timezone\nfrom accounts.models import SignIn\n"
        "SignIn.objects.filter(user__name='Dev Example').update(covered_at=timezone.now())"
    )
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    neutral(page, calm)


def test_a_request_of_the_page_waits_for_the_cover_and_goes_on(calm: Stack, page: Page) -> None:
    sign_in(page, calm, to="/me/")
    page.evaluate(
        """async () => {
          const session = await import('/static/accounts/session.js');
          window.uncovered = 0;
          session.onUncovered(() => { window.uncovered += 1; });
          session.coverNow();
          window.answer = session.fetchJSON('/session/activity/', {method: 'POST', body: {ago: 0}})
            .then((state) => { window.state = state; });
        }"""
    )
    neutral(page, calm)
    page.wait_for_timeout(500)
    assert page.evaluate("window.state") is None
    uncover(page)
    expect(page.locator(COVER)).to_be_hidden()
    page.wait_for_function("() => window.state && window.state.covered === false")
    assert page.evaluate("window.uncovered") == 1


def test_what_the_server_refuses_is_told_to_the_page(calm: Stack, page: Page) -> None:
    sign_in(page, calm, "asha", to="/me/")
    told = page.evaluate(
        """async () => {
          const session = await import('/static/accounts/session.js');
          const said = [];
          for (const [url, options] of [
            ['/people/', {as: 'text'}],
            ['/session/held/nothing/', {}],
            ['/session/activity/', {method: 'POST', body: new Uint8Array([123, 125]),
                                    headers: {'Content-Type': 'application/octet-stream'}}],
          ]) {
            try { const data = await session.fetchJSON(url, options); said.push([200, data.covered]); }
            catch (error) { said.push([error.status, error instanceof session.RequestFailed]); }
          }
          return said;
        }"""
    )
    assert told == [[403, True], [404, True], [200, False]]


def test_a_lost_line_covers_all_the_same_and_uncovers_when_it_is_back(calm: Stack, page: Page) -> None:
    sign_in(page, calm, to="/me/")
    offline(page)
    page.keyboard.press("F2")
    neutral(page, calm)
    expect(page.get_by_text("No connection.")).to_be_visible()
    offline(page, False)
    # The page tells the server as soon as the line is back; how soon that is depends on how busy the machine is.
    until = time.monotonic() + 30
    while not calm.python(
        "from accounts.models import SignIn\nresult = SignIn.objects.filter(covered_at__isnull=False).count()"
    ):
        assert time.monotonic() < until, "the server was never told that the screen is covered"
        page.wait_for_timeout(500)
    uncover(page)
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


def test_five_wrong_pins_sign_out_and_the_page_comes_back_after_signing_in_again(calm: Stack, page: Page) -> None:
    sign_in(page, calm)
    name = page.get_by_label("Name of the team")
    name.fill("Kept through it all")
    page.keyboard.press("F2")
    for number in range(5):
        uncover(page, f"00000{number}")
        expect(page.locator("#vig-cover-problem, [data-signed-out]").locator("visible=true").first).to_be_visible()
        expect(page.locator("#vig-cover-pin")).to_have_value("")
    again = page.get_by_role("link", name="Sign in again in a new tab")
    expect(again).to_be_visible()
    expect(again).to_be_focused()
    axe(page)
    screenshot(page, "cover-signed-out")
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")
    tab = opened.value
    tab.get_by_label("Email address").fill("dev@service.example")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="You are signed in")).to_be_visible()
    axe(tab)
    expect(page.locator(COVER)).to_be_hidden(timeout=8000)
    expect(name).to_have_value("Kept through it all")
    # The form carries the new sign-in's token.
    page.get_by_role("button", name="Add this team").click()
    expect(page.get_by_text("The team Kept through it all is added.")).to_be_visible()


def test_somebody_else_who_signs_in_does_not_get_the_page(calm: Stack, page: Page) -> None:
    sign_in(page, calm)
    page.get_by_label("Name of the team").fill("Only Dev's")
    other = page.context.new_page()
    other.goto(f"{calm.base_url}/account/logout/")
    other.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in again in a new tab")).to_be_visible(timeout=8000)
    sign_in(other, calm, "asha", to="/me/")
    page.on("dialog", lambda dialog: dialog.accept())  # "leave this page?": they may not stay
    expect(page.get_by_label("Name of the team")).to_have_count(0, timeout=10_000)


def test_before_eight_hours_are_over_the_page_says_so_and_keeps_what_was_typed(calm: Stack, page: Page) -> None:
    sign_in(page, calm, "pia")
    page.get_by_label("Name of the team").fill("After eight hours")
    move = (
        "from datetime import timedelta\nfrom django.utils import timezone\nfrom accounts.models import SignIn\n"
        "SignIn.objects.filter(user__name='Pia Example')"
        ".update(started_at=timezone.now() - timedelta(hours=8) + timedelta(seconds=LEFT))"
    )
    calm.python(move, LEFT=100)
    expect(page.get_by_text("This sign-in ends; what you typed stays here.")).to_be_visible(timeout=8000)
    expect(page.get_by_role("button", name="Stay")).to_be_hidden()
    axe(page)
    calm.python(move, LEFT=-1)
    again = page.get_by_role("link", name="Sign in again in a new tab")
    expect(again).to_be_visible(timeout=8000)
    with page.expect_popup() as opened:
        again.click()
    tab = opened.value
    tab.get_by_label("Email address").fill("pia@service.example")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.keyboard.press("Enter")
    expect(page.locator(COVER)).to_be_hidden(timeout=8000)
    page.get_by_role("button", name="Add this team").click()
    expect(page.get_by_text("The team After eight hours is added.")).to_be_visible()


# --- The countdown -------------------------------------------------------------------------------------------


def test_the_countdown_can_be_extended_and_the_cover_comes_at_its_end(impatient: Stack, page: Page) -> None:
    sign_in(page, impatient)
    page.get_by_label("Name of the team").fill(WORDS)
    countdown = page.get_by_text("This screen covers itself in").first
    expect(countdown).to_be_visible(timeout=IDLE * 1000)
    expect(page.get_by_label("Name of the team")).to_be_focused()  # it takes nobody's place
    screenshot(page, "countdown")
    axe(page)
    page.get_by_role("button", name="Stay").click()
    expect(countdown).to_be_hidden()
    page.wait_for_timeout(3000)
    expect(countdown).to_be_hidden()
    expect(page.locator(COVER)).to_be_visible(timeout=(IDLE + 4) * 1000)
    neutral(page, impatient)
    uncover(page)
    expect(page.get_by_label("Name of the team")).to_have_value(WORDS)


def test_any_key_keeps_the_screen(impatient: Stack, page: Page) -> None:
    sign_in(page, impatient)
    for _ in range(4):
        page.wait_for_timeout(4500)
        page.keyboard.press("Shift")
    expect(page.locator(COVER)).to_be_hidden()


def test_film_that_plays_in_sight_keeps_the_screen_and_stops_under_the_cover(impatient: Stack, page: Page) -> None:
    sign_in(page, impatient, to="/me/")
    page.evaluate(
        """async () => {
          const canvas = document.createElement('canvas');
          const draw = canvas.getContext('2d');
          setInterval(() => draw.fillRect(Math.random() * 200, 0, 9, 9), 50);
          const film = document.createElement('video');
          film.id = 'film';
          film.muted = true;
          film.srcObject = canvas.captureStream(20);
          document.querySelector('main').append(film);
          await film.play();
        }"""
    )
    page.wait_for_timeout((IDLE + 5) * 1000)
    expect(page.locator(COVER)).to_be_hidden()
    page.keyboard.press("F2")
    neutral(page, impatient)
    assert page.evaluate("document.getElementById('film').paused")
    page.evaluate("document.getElementById('film').play().catch(() => {})")
    page.wait_for_timeout(200)
    assert page.evaluate("document.getElementById('film').paused")


def test_polls_alone_do_not_keep_the_screen(impatient: Stack, page: Page) -> None:
    sign_in(page, impatient, to="/me/")
    page.evaluate("setInterval(() => fetch('/me/', {headers: {'X-Requested-With': 'fetch'}}), 500)")
    expect(page.locator(COVER)).to_be_visible(timeout=(IDLE + 6) * 1000)


def test_a_form_sent_too_late_is_sent_again_without_javascript(impatient: Stack, new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, impatient)
    page.get_by_label("Name of the team").fill("The late team")
    page.wait_for_timeout((IDLE + 1) * 1000)
    page.get_by_role("button", name="Add this team").click()
    expect(page).to_have_title("Paused")
    assert "teams" not in page.url
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="What you sent is kept")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("The team The late team is added.")).to_be_visible()


def test_the_cover_button_works_without_javascript(calm: Stack, new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, calm, to="/me/sign-ins/")
    page.get_by_role("button", name="Cover this screen").click()
    expect(page).to_have_title("Paused")
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Where I am signed in")).to_be_visible()


# --- Passkeys ------------------------------------------------------------------------------------------------


def test_a_passkey_is_added_signs_in_alone_and_serves_as_second_step(calm: Stack, page: Page) -> None:
    device = Authenticator(page)
    calm.python("from allauth.mfa.models import Authenticator\nAuthenticator.objects.all().delete()")  # told once more
    sign_in(page, calm, "ben", to="/account/2fa/")
    axe(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("main").get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name of this passkey").fill("Work laptop")
    axe(page)
    page.get_by_role("button", name="Add this passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    axe(page)
    assert len(device.credentials()) == 1
    page.goto(f"{calm.base_url}/account/2fa/passkeys/")
    expect(page.get_by_text("Work laptop").first).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Rename Work laptop").click()
    page.get_by_role("textbox", name="Name of this passkey").fill("Laptop of the team")
    axe(page)
    page.get_by_role("button", name="Save the name").click()
    screenshot(page, "door-passkeys-with-one")
    page.get_by_role("link", name="Remove Laptop of the team").click()
    axe(page)
    screenshot(page, "door-passkey-remove")
    page.get_by_role("link", name="Keep it").click()
    page.goto(f"{calm.base_url}/account/2fa/passkeys/reauthenticate/?next=/me/")
    axe(page)
    screenshot(page, "door-passkey-confirm")
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    # By itself.
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    page.goto(f"{calm.base_url}/account/login/?next=/me/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    # As the second step after the password.
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    page.goto(f"{calm.base_url}/account/login/?next=/me/")
    page.get_by_label("Email address").fill("ben@service.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    axe(page)
    screenshot(page, "second-step")
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    said = calm.python(
        "from audit.models import AuditEvent\n"
        "result = [event.detail['ways'] for event in AuditEvent.objects.filter(verb='sign-in.succeeded')"
        ".order_by('id')][-2:]"
    )
    assert said == [["webauthn"], ["password", "webauthn"]]


def test_a_passkey_that_does_not_come_is_said_and_the_page_goes_on(calm: Stack, page: Page) -> None:
    device = Authenticator(page)
    page.goto(f"{calm.base_url}/account/login/")
    assert device.credentials() == []
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="use your password")).to_be_visible(timeout=70_000)
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


# --- Small, and without a mouse ------------------------------------------------------------------------------


def test_signing_in_and_covering_need_no_mouse(calm: Stack, page: Page) -> None:
    page.goto(f"{calm.base_url}/account/login/?next=/me/")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "id_login":
            break
    page.keyboard.type("dev@service.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    page.keyboard.press("F2")
    neutral(page, calm)
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    page.keyboard.press("F2")
    neutral(page, calm)
    page.keyboard.press("Tab")  # the other way
    page.keyboard.press("Enter")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


PAGES = [
    "/me/",
    "/me/pin/",
    "/me/sign-ins/",
    "/people/",
    "/people/add/",
    "/people/{asha}/",
    "/people/{asha}/close/",
    "/teams/add/",
    "/audit/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/passkeys/",
    "/account/password/change/",
    "/account/logout/",
    "/session/signed-in/",
]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_page_of_the_door_is_accessible_and_fits(calm: Stack, new_page: Callable[..., Page], size: str) -> None:
    page = new_page(**(PHONE if size == "phone" else {}))
    asha = calm.python("from accounts.models import User\nresult = User.objects.get(name='Asha Example').pk")
    for path in ("/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/account/inactive/",
                 "/account/password/reset/key/1-abc/", "/account/password/reset/key/done/"):  # fmt: skip
        looked_at(page, calm, path, size)
    sign_in(page, calm, to="/me/")
    page.goto(f"{calm.base_url}/account/2fa/totp/activate/")
    looked_at(page, calm, "", size, name="confirm")
    page.get_by_role("main").get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    for path in PAGES:
        looked_at(page, calm, path.format(asha=asha), size)
    page.keyboard.press("F2")
    neutral(page, calm)
    looked_at(page, calm, "", size, name="cover")
    page.wait_for_timeout(500)
    page.reload()
    looked_at(page, calm, "", size, name="covered-page")


def looked_at(page: Page, stack: Stack, path: str, size: str, *, name: str = "") -> None:
    """One page: no violation, no sideways scrolling, exactly one h1, and a picture to look at."""
    if path:
        page.goto(stack.base_url + path)
    axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{path or name} is {wide} px wider than the screen"
    assert page.locator("h1").count() == 1, path or name
    screenshot(page, f"door-{name or re.sub(r'[^a-z0-9]+', '-', path).strip('-')}-{size}", whole=True)
