"""Passwords are chosen on the university's own page if they are kept in its directory."""

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from pytest_django.fixtures import Settings

from accounts.models import Account
from directory.tests.slapd import Slapd
from helpdesk import registry
from sign_in.models import PasswordResetRequest
from tests.fixtures import MakeAccount


def test_a_forgotten_password_leads_to_the_universitys_page(
    directory: Slapd, client: Client, student: Account, settings: Settings
) -> None:
    asked = client.post(reverse("sign_in:password_forgotten"), {"account_name": str(student.account_name)})
    assert (asked.status_code, asked["Location"]) == (302, settings.DIRECTORY_PASSWORD_URL)
    assert not PasswordResetRequest.objects.exists()


def test_the_page_for_an_old_password_leads_there_too(
    directory: Slapd, client: Client, db: None, settings: Settings
) -> None:
    page = client.get(reverse("sign_in:password_too_old")).content.decode()
    assert f'href="{settings.DIRECTORY_PASSWORD_URL}"' in page
    assert reverse("sign_in:password_forgotten") not in page


def test_a_link_from_before_sets_no_password(directory: Slapd, client: Client, student: Account) -> None:
    link = reverse(
        "sign_in:password_new",
        args=[urlsafe_base64_encode(force_bytes(student.pk)), default_token_generator.make_token(student)],
    )
    assert client.get(link, follow=True).status_code == 404


def test_the_helpdesk_offers_no_mail_whose_link_would_set_nothing(
    make_account: MakeAccount, request: pytest.FixtureRequest
) -> None:
    account = make_account("nomail", is_student=True)
    action = registry.by_slug("send-reset-mail")
    assert action is not None
    assert action.applies(account, [])
    request.getfixturevalue("directory")
    assert not action.applies(account, [])
