"""What an administrator does with accounts, and may not."""

from __future__ import annotations

import smtplib
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.html import escape

from accounts import actions
from accounts.models import HeldForm, Role, SignIn, Team, User
from accounts.roles import DESCRIPTIONS, PERMISSIONS, Permission
from audit.models import AuditEvent
from tests.accounts.conftest import FETCH, give_app, post_sign_in
from tests.accounts.test_sign_in import choose_password, link_in
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def dev(cast: Cast, signed_in) -> Client:
    return signed_in(cast.dev)


def facts(user: User, **changes: object) -> dict[str, object]:
    """What the person's form sends, as it stands."""
    sent: dict[str, object] = {
        "name": user.name,
        "email": user.email,
        "role": user.role,
        "team": user.team_id or "",
        "supervisor": user.supervisor_id or "",
        "teams_managed": list(user.teams_managed.values_list("pk", flat=True)),
    }
    return sent | changes


# --- Who opens these pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["asha", "carol", "tess", "sue", "ina"])
@pytest.mark.parametrize("path", ["/people/", "/people/add/", "/teams/add/", "/people/{pk}/", "/people/{pk}/close/"])
def test_only_administrators_open_the_pages_about_accounts(cast: Cast, signed_in, name: str, path: str) -> None:
    client = signed_in(getattr(cast, name))
    path = path.format(pk=cast.ben.pk)
    assert client.get(path).status_code == 403
    assert client.post(path, facts(cast.ben, role="administrator")).status_code in {403, 405}
    cast.ben.refresh_from_db()
    assert (cast.ben.role, cast.ben.is_active) == (Role.PRACTITIONER, True)


def test_the_list_shows_everybody_with_the_same_number_of_questions(
    cast: Cast, dev: Client, django_assert_max_num_queries
) -> None:
    page = dev.get("/people/").content.decode()
    for user in cast.everyone:
        assert user.name in page
    for number in range(20):
        User.objects.create(email=f"p{number}@service.example", name=f"P {number}", role=Role.INTAKE)
    with django_assert_max_num_queries(6):
        dev.get("/people/")


# --- Adding --------------------------------------------------------------------------------------------------


def test_somebody_added_gets_a_link_and_chooses_their_password(cast: Cast, dev: Client) -> None:
    response = dev.post(
        "/people/add/",
        {"name": "Mo New", "email": "Mo@Service.example", "role": "practitioner", "team": cast.north.pk},
        follow=True,
    )
    mo = User.objects.get(email="mo@service.example")
    assert "Mo New is added." in response.content.decode()
    assert not mo.has_usable_password()
    (letter,) = mail.outbox
    assert letter.to == ["mo@service.example"]
    client = Client()
    assert post_sign_in(client, mo).status_code == 200
    choose_password(client, link_in(letter), "river-lamp-sixteen")
    assert post_sign_in(client, mo, "river-lamp-sixteen").status_code == 302
    verbs = set(AuditEvent.objects.filter(subject_id=str(mo.pk)).values_list("verb", flat=True))
    assert {"account.added", "account.link-sent", "password.reset"} <= verbs


def test_a_letter_that_cannot_be_sent_is_said_and_can_be_sent_again(
    cast: Cast, dev: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_mail_server(self: object) -> None:
        raise smtplib.SMTPConnectError(421, "busy")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", no_mail_server)
        response = dev.post(
            "/people/add/", {"name": "Mo", "email": "mo@service.example", "role": "intake"}, follow=True
        )
    assert "The letter could not be sent" in response.content.decode()
    mo = User.objects.get(email="mo@service.example")
    dev.post(f"/people/{mo.pk}/link/")
    assert mail.outbox[0].to == ["mo@service.example"]


def test_the_demonstration_says_where_the_letter_is(
    cast: Cast, dev: Client, settings: LazySettings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    response = dev.post("/people/add/", {"name": "Mo", "email": "mo@service.example", "role": "intake"}, follow=True)
    assert str(tmp_path / "mail") in response.content.decode()
    assert "choose your password" in next((tmp_path / "mail").iterdir()).read_text()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "nonsense"}, "email"),
        ({"email": "ASHA@service.example"}, "email"),
        ({"role": ""}, "role"),
        ({"role": "god"}, "role"),
        ({"role": "trainee"}, "supervisor"),
        ({"role": "manager"}, "teams_managed"),
        ({"team": ""}, "team"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(
    cast: Cast, dev: Client, changes: dict[str, str], field: str
) -> None:
    sent = {"name": "Mo", "email": "mo@service.example", "role": "practitioner", "team": cast.north.pk} | changes
    response = dev.post("/people/add/", sent)
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert not User.objects.filter(name="Mo").exists()


def test_a_trainee_names_a_supervisor_and_a_manager_their_teams(cast: Cast, dev: Client) -> None:
    common = {"team": cast.north.pk}
    dev.post(
        "/people/add/",
        common | {"name": "T", "email": "t@service.example", "role": "trainee", "supervisor": cast.sue.pk},
    )
    dev.post(
        "/people/add/",
        common | {"name": "M", "email": "m@service.example", "role": "manager", "teams_managed": [cast.south.pk]},
    )
    assert User.objects.get(name="T").supervisor == cast.sue
    assert list(User.objects.get(name="M").teams_managed.all()) == [cast.south]


# --- Changing ------------------------------------------------------------------------------------------------


def test_a_change_of_role_holds_from_the_next_request_on(cast: Cast, dev: Client, signed_in) -> None:
    ina = signed_in(cast.ina)
    assert ina.get("/people/").status_code == 403
    dev.post(f"/people/{cast.ina.pk}/", facts(cast.ina, role="administrator"))
    assert ina.get("/people/").status_code == 200
    event = AuditEvent.objects.get(verb="account.changed")
    assert event.detail == {"changed": ["role"], "role_before": "intake", "role": "administrator"}


def test_rights_of_the_role_before_do_not_stay(cast: Cast, dev: Client) -> None:
    dev.post(f"/people/{cast.carol.pk}/", facts(cast.carol, role="practitioner"))
    cast.carol.refresh_from_db()
    assert cast.carol.role == Role.PRACTITIONER
    assert not cast.carol.teams_managed.exists()
    dev.post(f"/people/{cast.tess.pk}/", facts(cast.tess, role="practitioner"))
    cast.tess.refresh_from_db()
    assert cast.tess.supervisor is None


@pytest.mark.parametrize("role", [role.value for role in Role if role != Role.ADMINISTRATOR])
def test_an_administrator_cannot_change_their_own_role(cast: Cast, dev: Client, role: str) -> None:
    other = User.objects.create(email="dee@service.example", name="Dee", role=Role.ADMINISTRATOR)
    sent = facts(cast.dev, role=role, team=cast.north.pk, supervisor=cast.sue.pk, teams_managed=[cast.north.pk])
    response = dev.post(f"/people/{cast.dev.pk}/", sent)
    assert response.context["form"].errors["role"] == ["You cannot change your own role. Ask another administrator"]
    cast.dev.refresh_from_db()
    assert cast.dev.role == Role.ADMINISTRATOR
    assert other.is_active


def test_an_administrator_changes_their_own_name(cast: Cast, dev: Client) -> None:
    dev.post(f"/people/{cast.dev.pk}/", facts(cast.dev, name="Devi Murphy"))
    cast.dev.refresh_from_db()
    assert cast.dev.name == "Devi Murphy"


def test_an_old_address_no_longer_opens_the_account(cast: Cast, dev: Client, client: Client) -> None:
    client.post("/account/password/reset/", {"email": cast.ben.email})  # the library notes the address
    assert EmailAddress.objects.filter(user=cast.ben).exists()
    old = cast.ben.email
    dev.post(f"/people/{cast.ben.pk}/", facts(cast.ben, email="ben.new@service.example"))
    mail.outbox.clear()
    client.post("/account/password/reset/", {"email": old})
    assert not mail.outbox
    assert client.post("/account/login/", {"login": old, "password": PASSWORD}).status_code == 200
    assert client.post("/account/login/", {"login": "ben.new@service.example", "password": PASSWORD}).status_code == 302


def test_a_supervisor_with_trainees_stays_one(cast: Cast, dev: Client) -> None:
    response = dev.post(f"/people/{cast.sue.pk}/", facts(cast.sue, role="practitioner"))
    assert "Sue Supervisor supervises Tess Trainee" in response.context["form"].errors["role"][0]
    closing = dev.post(f"/people/{cast.sue.pk}/close/")
    assert closing.status_code == 409
    assert "Choose another supervisor for them first" in closing.content.decode()


# --- Closing, opening, signing out ---------------------------------------------------------------------------


def test_closing_an_account_ends_every_sign_in_at_once(cast: Cast, dev: Client, signed_in) -> None:
    first, second = signed_in(cast.asha), signed_in(cast.asha)
    HeldForm.objects.create(token="t", user=cast.asha, path="/", body="x")
    assert dev.get(f"/people/{cast.asha.pk}/close/").status_code == 200
    assert first.get("/me/").status_code == 200
    response = dev.post(f"/people/{cast.asha.pk}/close/", follow=True)
    assert "account is closed" in response.content.decode()
    for client in (first, second):
        assert client.get("/me/").status_code == 302
        assert client.get("/me/", **FETCH).json() == {"signed_out": True}
    assert not SignIn.objects.filter(user=cast.asha).exists()
    assert not HeldForm.objects.exists()
    assert post_sign_in(Client(), cast.asha).url == "/account/inactive/"
    assert AuditEvent.objects.filter(verb="account.closed", subject_id=str(cast.asha.pk)).exists()


def test_an_account_is_opened_again(cast: Cast, dev: Client) -> None:
    dev.post(f"/people/{cast.asha.pk}/close/")
    assert dev.get(f"/people/{cast.asha.pk}/close/").status_code == 404
    dev.post(f"/people/{cast.asha.pk}/reopen/")
    assert post_sign_in(Client(), cast.asha).status_code == 302


@pytest.mark.parametrize("step", ["close", "second-step", "sign-out", "link", "reopen", "nonsense"])
def test_an_administrator_does_none_of_these_to_themselves(cast: Cast, dev: Client, step: str) -> None:
    path = f"/people/{cast.dev.pk}/{step}/"
    assert dev.get(path).status_code == 404
    assert dev.post(path).status_code == 404
    cast.dev.refresh_from_db()
    assert cast.dev.is_active


def test_the_actions_refuse_it_too(cast: Cast) -> None:
    for act in (actions.close_account, actions.reset_second_step):
        with pytest.raises(ValidationError):
            act(by=cast.dev, user=cast.dev)


def test_the_last_administrator_stays(cast: Cast) -> None:
    dee = User.objects.create(email="dee@service.example", name="Dee", role=Role.ADMINISTRATOR, is_active=False)
    for act in (
        lambda: actions.close_account(by=dee, user=cast.dev),
        lambda: actions.change_person(
            by=dee, user=cast.dev, name="Dev", email=cast.dev.email, role=Role.INTAKE, team=None
        ),
    ):
        with pytest.raises(ValidationError, match="last administrator"):
            act()
    dee.is_active = True
    dee.save()
    actions.close_account(by=dee, user=cast.dev)
    with pytest.raises(ValidationError):
        actions.close_account(by=cast.dev, user=dee)


def test_an_administrator_signs_somebody_out_everywhere(cast: Cast, dev: Client, signed_in) -> None:
    asha = signed_in(cast.asha)
    response = dev.post(f"/people/{cast.asha.pk}/sign-out/", follow=True)
    assert "was signed out in 1 place." in response.content.decode()
    assert asha.get("/me/").status_code == 302
    event = AuditEvent.objects.get(verb="account.signed-out-everywhere")
    assert (event.actor_id, event.subject_id) == (str(cast.dev.pk), str(cast.asha.pk))


def test_a_second_step_is_reset_and_its_owner_told(cast: Cast, dev: Client, signed_in) -> None:
    give_app(cast.asha)
    asha = signed_in(cast.asha)
    dev.post(f"/people/{cast.asha.pk}/second-step/")
    assert not Authenticator.objects.filter(user=cast.asha).exists()
    assert asha.get("/me/").status_code == 302
    assert post_sign_in(Client(), cast.asha, next="/me/").url == "/me/"
    assert AuditEvent.objects.get(verb="factor.reset").detail == {"kinds": ["totp"]}
    assert mail.outbox[0].to == [cast.asha.email]


def test_whoever_opened_something_that_outlives_a_sign_in_is_told(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    from accounts.signals import signed_out_everywhere

    told: list[tuple[User, bool]] = []

    def listen(sender: object, user: User, kept: bool, **kwargs: object) -> None:
        told.append((user, kept))

    signed_out_everywhere.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            actions.close_account(by=cast.dev, user=cast.asha)
    finally:
        signed_out_everywhere.disconnect(listen)
    assert told == [(cast.asha, False)]


# --- Teams and roles -----------------------------------------------------------------------------------------


def test_teams_are_added_and_renamed(cast: Cast, dev: Client) -> None:
    dev.post("/teams/add/", {"name": "West"})
    west = Team.objects.get(name="West")
    dev.post(f"/teams/{west.pk}/", {"name": "Far West"})
    west.refresh_from_db()
    assert west.name == "Far West"
    taken = dev.post(f"/teams/{west.pk}/", {"name": "north"})
    assert taken.context["form"].errors["name"] == ["There is a team with this name"]
    assert {"team.added", "team.renamed"} <= set(AuditEvent.objects.values_list("verb", flat=True))


def test_every_role_says_what_it_may_do(dev: Client) -> None:
    page = dev.get("/people/add/").content.decode()
    for role in Role:
        assert escape(DESCRIPTIONS[role]) in page
        assert PERMISSIONS[role]
    for permission in Permission:
        assert escape(permission.label) in page


def test_my_account_says_who_i_am_here(cast: Cast, signed_in) -> None:
    page = signed_in(cast.tess).get("/me/").content.decode()
    for words in ("Tess Trainee", "Practitioner in training", "North", "Supervisor: Sue Supervisor"):
        assert words in page
    assert "Manages: North" in signed_in(cast.carol).get("/me/").content.decode()
