"""What an operator does by command: the first administrator, a change of the keys."""

from __future__ import annotations

import io

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from accounts.locker import Unreadable, lock, unlock
from accounts.models import User
from accounts.roles import Role
from audit.models import AuditEvent
from outbox.actions import post
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def create(password: str, monkeypatch: pytest.MonkeyPatch, **options: str) -> str:
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    call_command("create_administrator", stdout=said, **options)
    return said.getvalue()


def test_the_first_administrator_can_sign_in_and_is_audited(monkeypatch: pytest.MonkeyPatch) -> None:
    said = create("kind-otter-hums-42", monkeypatch, name="Noor Ames", email="Noor@Service.example")
    person = User.objects.get()
    assert person.role == Role.ADMINISTRATOR
    assert person.check_password("kind-otter-hums-42")
    assert "noor@service.example" in said
    assert AuditEvent.objects.get(verb="account.added").actor_id == ""


@pytest.mark.parametrize(
    ("password", "email", "words"),
    [
        ("short", "noor@service.example", "too short"),
        ("kind-otter-hums-42", "noor", "valid email"),
        ("", "noor@service.example", "too short"),
    ],
)
def test_a_bad_password_or_address_adds_nobody(
    password: str, email: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match=words):
        create(password, monkeypatch, name="Noor Ames", email=email)
    assert not User.objects.exists()


def test_an_address_that_is_taken_adds_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="Nobody was added"):
        create("kind-otter-hums-42", monkeypatch, name="Noor", email=cast.asha.email)
    assert User.objects.count() == len(cast.everyone)


def test_without_a_terminal_it_says_what_to_give(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="--name and --email"):
        create("kind-otter-hums-42", monkeypatch)


def test_a_key_can_be_changed_without_anybody_losing_their_second_step(cast: Cast, settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    factor = Authenticator.objects.create(
        user=cast.asha, type=Authenticator.Type.TOTP, data={"secret": lock("JBSWY3DP")}
    )
    codes = Authenticator.objects.create(
        user=cast.asha, type=Authenticator.Type.RECOVERY_CODES, data={"seed": lock("beef"), "used_mask": 3}
    )
    passkey = Authenticator.objects.create(
        user=cast.asha, type=Authenticator.Type.WEBAUTHN, data={"name": "phone", "credential": {"id": "x"}}
    )
    message = post(by=None, kind="test", channel="email", to="sam@example.test", subject_id="1")
    settings.FIELD_KEYS = [new, old]
    said = io.StringIO()
    call_command("rotate_field_keys", stdout=said)
    assert "2 second factors and 1 addresses" in said.getvalue()
    settings.FIELD_KEYS = [new]
    for each in (factor, codes, passkey, message):
        each.refresh_from_db()
    assert message.to == "sam@example.test"
    assert unlock(factor.data["secret"]) == "JBSWY3DP"
    assert (unlock(codes.data["seed"]), codes.data["used_mask"]) == ("beef", 3)
    assert passkey.data == {"name": "phone", "credential": {"id": "x"}}


def test_a_key_taken_away_too_early_changes_nothing(cast: Cast, settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    locked = lock("JBSWY3DP")
    Authenticator.objects.create(user=cast.asha, type=Authenticator.Type.TOTP, data={"secret": locked})
    settings.FIELD_KEYS = [new]
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("rotate_field_keys")
    assert Authenticator.objects.get().data["secret"] == locked
    with pytest.raises(Unreadable):
        unlock(locked)
