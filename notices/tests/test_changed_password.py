"""ASVS 6.3.7: a changed password is announced by email and by SMS, with what to do if it was not the owner."""

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Account
from audit import log
from audit.models import SecurityEvent
from mfa_sms.models import SmsDevice
from notices.models import Notice
from notices.tests.owners import CLIENT, body, english, report_path
from sign_in import events
from tests.fixtures import Walk, confirmed_phone
from tests.interface import in_en

NEW = "Kastanjer og paraplyer 17"


def choose_password(walk: Walk, account: Account) -> None:
    """Choose a new password with a link from an email."""
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    form = walk.get(f"/password/new/{uid}/{default_token_generator.make_token(account)}/").redirect_chain[-1][0]
    walk.browser.post(form, {"new_password1": NEW, "new_password2": NEW}, follow=True)


@pytest.mark.django_db(transaction=True)
def test_asvs_6_3_7_a_changed_password_is_told_by_mail_and_by_sms_to_every_phone(walk: Walk, phone: SmsDevice) -> None:
    account = english(phone.user)
    confirmed_phone(account, "+4526123499")
    choose_password(walk, account)
    assert [message.to for message in mail.outbox] == [["stu123@example.org"]]
    assert mail.outbox[0].subject == in_en("The password of your UCPH account was changed")
    assert in_en("A new password was chosen for your UCPH account. The earlier one no longer works.") in body()
    texts = {message["to"]: message["text"] for message in walk.outbox.messages}
    assert set(texts) == {"+4526123478", "+4526123499"}
    for text in texts.values():
        assert text.startswith("The password of your UCPH account was changed. If this was not you, call")
        assert "35 32 32 32" in text


@pytest.mark.django_db(transaction=True)
def test_asvs_6_3_7_the_link_in_the_mail_reports_it(walk: Walk, phone: SmsDevice) -> None:
    choose_password(walk, english(phone.user))
    walk.browser.post(report_path(body()), follow=True)
    assert SecurityEvent.objects.get(kind="reported").reason == "password_changed"


@pytest.mark.django_db(transaction=True)
def test_asvs_6_3_7_an_unconfirmed_number_is_not_told(walk: Walk, phone: SmsDevice) -> None:
    SmsDevice.objects.update(confirmed=False)
    choose_password(walk, phone.user)
    assert walk.outbox.messages == []
    assert len(mail.outbox) == 1


def test_asvs_6_3_7_whatever_changes_the_password_tells_the_owner(phone: SmsDevice) -> None:
    events.password_changed(phone.user, CLIENT)
    assert Notice.objects.get().kind == "password_changed"


def test_a_notice_that_cannot_be_written_leaves_the_password_as_it_was(
    phone: SmsDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(event: SecurityEvent) -> None:
        raise RuntimeError

    monkeypatch.setitem(log._listeners, events.PASSWORD_CHANGED, [fail])
    with pytest.raises(RuntimeError), transaction.atomic():
        events.password_changed(phone.user, CLIENT)
    assert not SecurityEvent.objects.filter(kind="password_changed").exists()
