"""Addresses for mails and other systems never contain the handle of the journey in which they are made."""

from django.test import override_settings
from django.urls import get_script_prefix, reverse, set_script_prefix

from common.root_urls import portal_url, root_path


@override_settings(PORTAL_URL="https://login.example.dk")
def test_an_address_for_others_has_no_handle() -> None:
    set_script_prefix("/j/3kTq8vWcRz1M/")
    try:
        assert reverse("sign_in:help") == "/j/3kTq8vWcRz1M/help/"
        assert root_path("sign_in:help") == "/help/"
        assert portal_url("mfa_sms:receipts", ["twilio"]) == "https://login.example.dk/sms/receipts/twilio/"
        assert get_script_prefix() == "/j/3kTq8vWcRz1M/"
    finally:
        set_script_prefix("/")
