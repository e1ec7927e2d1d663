"""Helpers that write notices to owners and read their emails."""

import re
from typing import Any

from django.core import mail
from django_otp.models import Device

from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from notices import notify, own_notices
from notices.models import Notice
from sign_in.methods import events
from tests.fixtures import Browser

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
CLIENT = ClientInfo(address="192.0.2.7", browser=FIREFOX, reference="K7F3-92")


def added(device: Device, **fields: Any) -> Notice:
    """Write the notice of a new device without sending it. `fields` are fields of the row."""
    event = events.device_enrolled(device.user, device, CLIENT)
    return Notice.objects.create(account=device.user, event=event, kind=own_notices.DEVICE_ADDED, **fields)


def told_of(device: Device) -> SecurityEvent:
    """Notify the owner of a new device. Return the event."""
    event = events.device_enrolled(device.user, device, CLIENT)
    notify.notify_owner(event, own_notices.DEVICE_ADDED)
    return event


def body() -> str:
    """Return the body of the last email."""
    return str(mail.outbox[-1].body)


def report_path(text: str) -> str:
    """Return the path of the only report link in an email."""
    (found,) = re.findall(r"^https?://[^/\s]+(/report/\S+/)$", text, re.MULTILINE)
    return str(found)


def in_english() -> Browser:
    """Return a new browser whose pages are in English."""
    browser = Browser()
    browser.cookies["language"] = "en"
    return browser


def english(account: Account) -> Account:
    """Set the language of an account to English, and return the account."""
    account.language = "en"
    account.save(update_fields=["language"])
    return account
