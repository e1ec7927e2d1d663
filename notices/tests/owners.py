"""Notices to owners, written by hand, and what a test reads of their mails."""

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
    """Write the notice of a new device without mailing it; `fields` are the row's."""
    event = events.device_enrolled(device.user, device, CLIENT)
    return Notice.objects.create(account=device.user, event=event, kind=own_notices.DEVICE_ADDED, **fields)


def told_of(device: Device) -> SecurityEvent:
    """Have the owner told of a new device, and return the event."""
    event = events.device_enrolled(device.user, device, CLIENT)
    notify.notify_owner(event, own_notices.DEVICE_ADDED)
    return event


def body() -> str:
    """Return the last mail."""
    return str(mail.outbox[-1].body)


def report_path(text: str) -> str:
    """Return the path of the one report link in a mail."""
    (found,) = re.findall(r"^https?://[^/\s]+(/report/\S+/)$", text, re.MULTILINE)
    return str(found)


def in_english() -> Browser:
    """Return a fresh browser whose pages are in English."""
    browser = Browser()
    browser.cookies["language"] = "en"
    return browser


def english(account: Account) -> Account:
    """Let an account be written to in English."""
    account.language = "en"
    account.save(update_fields=["language"])
    return account
