"""The database stores the keys of apps encrypted, so a dump of it is not enough to compute a code."""

from io import StringIO

import pytest
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.management import call_command
from pytest_django.fixtures import Settings

from accounts.models import Account
from mfa_sms.tests.helpers import Clock
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import app_of, enrolled, signed_in
from mfa_totp.tests.test_secret_is_nowhere import is_in
from tests.fixtures import Walk
from tests.helpers import is_signed_in
from tests.test_code_is_nowhere import every_table

NEW = "another secret, of thirty-two characters"


def test_no_table_holds_the_key_of_a_registered_app(walk: Walk, student: Account) -> None:
    device = enrolled(walk, student)
    dump = every_table()
    assert str(device.pk) in dump
    assert not is_in(device.bin_key, dump)


def test_without_the_secrets_nobody_reads_the_key(settings: Settings, student: Account) -> None:
    device = app_of(student)
    settings.TOTP_KEY_SECRETS = [NEW]
    with pytest.raises(InvalidToken):
        AuthenticatorApp.objects.get(pk=device.pk).bin_key  # noqa: B018


def test_two_apps_with_one_key_look_different(student: Account) -> None:
    first, second = (app_of(student, bin_key=b"k" * 20) for _ in range(2))
    assert first.encrypted_key != second.encrypted_key


def test_a_new_secret_in_front_keeps_every_app_working(
    clock: Clock, walk: Walk, settings: Settings, student: Account
) -> None:
    device = app_of(student)
    settings.TOTP_KEY_SECRETS = [NEW, *settings.TOTP_KEY_SECRETS]
    signed_in(walk, device)
    assert is_signed_in(walk.browser)


def test_the_command_encrypts_again_so_that_the_old_secret_can_go(settings: Settings, student: Account) -> None:
    device = app_of(student, bin_key=b"a key of 20 bytes ..")
    settings.TOTP_KEY_SECRETS = [NEW, *settings.TOTP_KEY_SECRETS]
    said = [_reencrypted(), _reencrypted()]
    settings.TOTP_KEY_SECRETS = [NEW]
    assert AuthenticatorApp.objects.get(pk=device.pk).bin_key == b"a key of 20 bytes .."
    assert [line.split(" ", 1)[0] for line in said] == ["1", "0"]


def _reencrypted() -> str:
    out = StringIO()
    call_command("reencrypt_keys", stdout=out)
    return out.getvalue()


def test_the_secrets_of_apps_are_their_own() -> None:
    lists = (settings.TOTP_KEY_SECRETS, settings.SSO_KEY_SECRETS, settings.SMS_CODE_KEYS, settings.EVENT_SEAL_KEYS)
    assert len({keys[0] for keys in lists}) == len(lists)
