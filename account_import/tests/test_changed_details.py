"""ASVS 6.3.7: an owner is told of a changed name or email address, at the old address and at the new one."""

from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_sms.models import SmsDevice
from notices import mailing
from notices.models import Notice
from notices.tests.owners import english
from tests.fixtures import Outbox
from tests.interface import in_en

HEADER = "username,first_name,last_name,email,student,employee,language\n"


def imported(folder: Path, line: str) -> None:
    """Import a file with one account, and mail the notices as the sweep does."""
    path = folder / "accounts.csv"
    path.write_text(HEADER + line + "\n", encoding="utf-8")
    call_command("import_accounts", str(path), verbosity=0)
    for notice in Notice.objects.all():
        mailing.send_notice(notice.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("line", "told", "text"),
    [
        (
            "stu123,Freja,Lund,new@example.org,1,0,en",
            ["new@example.org", "stu123@example.org"],
            in_en("The email address of your UCPH account was changed."),
        ),
        (
            "stu123,Freja,Holm,stu123@example.org,1,0,en",
            ["stu123@example.org"],
            in_en("The name of your UCPH account was changed."),
        ),
        (
            "stu123,Freja,Holm,new@example.org,1,0,en",
            ["new@example.org", "stu123@example.org"],
            in_en("The name and the email address of your UCPH account were changed."),
        ),
        (
            "stu123,Freja,Lund,,1,0,en",
            ["stu123@example.org"],
            in_en("The email address of your UCPH account was changed."),
        ),
    ],
)
def test_asvs_6_3_7_old_and_new_address_and_the_phone_are_told(
    phone: SmsDevice, sms_outbox: Outbox, tmp_path: Path, line: str, told: list[str], text: str
) -> None:
    english(phone.user)
    imported(tmp_path, line)
    assert sorted(message.to[0] for message in mail.outbox) == sorted(told)
    assert all(len(message.to) == 1 and text in message.body and "/report/" in message.body for message in mail.outbox)
    assert all("IP address" not in message.body and "From:" not in message.body for message in mail.outbox)
    (message,) = sms_outbox.messages
    assert message["text"].startswith("The name or email address of your UCPH account was changed.")
    assert len(message["text"]) <= 160


@pytest.mark.django_db(transaction=True)
def test_a_change_that_concerns_neither_is_not_told(phone: SmsDevice, sms_outbox: Outbox, tmp_path: Path) -> None:
    imported(tmp_path, "stu123,Freja,Lund,stu123@example.org,1,1,da")
    assert Account.objects.get().is_employee
    assert not Notice.objects.exists()
    assert sms_outbox.messages == []


@pytest.mark.django_db(transaction=True)
def test_a_new_account_is_not_told_of_its_own_name(sms_outbox: Outbox, tmp_path: Path) -> None:
    imported(tmp_path, "abc001,Anna,Berg,abc001@example.org,1,0,da")
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_event_names_the_changed_fields(phone: SmsDevice, tmp_path: Path) -> None:
    imported(tmp_path, "stu123,Freja,Holm,new@example.org,1,0,da")
    event = SecurityEvent.objects.get(kind="account_imported")
    assert (event.reason, set(event.detail.split())) == ("changed", {"last_name", "email"})
