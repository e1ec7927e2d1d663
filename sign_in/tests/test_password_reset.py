"""Password reset by email: the link is valid for an hour, works once, and does not sign in."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.account_names import parse_account_name
from accounts.models import Account
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from mfa_sms.models import SmsDevice
from sign_in import password_reset
from sign_in import password_reset as sign_in_password_reset
from tests.fixtures import PASSWORD, MakeAccount, Walk
from tests.helpers import is_signed_in, kinds, mask

NEW = "Kastanjer og paraplyer 17"


def ask(walk: Walk, name: str = "stu123@alumni.ku.dk", **headers: Any) -> Any:
    return walk.browser.post("/password/forgotten/", {"account_name": name}, follow=True, headers=headers)


def link() -> str:
    """Return the path of the link in the last mail."""
    found = re.search(r"^https?://[^/]+(/\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def set_password(walk: Walk, path: str, password: str = NEW) -> Any:
    form = walk.get(path).redirect_chain[-1][0]
    return walk.browser.post(form, {"new_password1": password, "new_password2": password}, follow=True)


def test_a_link_comes_by_mail_and_sets_a_new_password(walk: Walk, student: Account) -> None:
    assert "Kig i din mail" in ask(walk).content.decode()
    assert mail.outbox[0].to == ["stu123@example.org"]
    assert "Din adgangskode er skiftet" in set_password(walk, link()).content.decode()
    student.refresh_from_db()
    assert student.check_password(NEW)
    assert timezone.now() - (student.password_changed_at or timezone.now()) < timedelta(minutes=1)
    assert kinds() == ["password_reset_requested", "password_reset_mailed", "password_changed"]


@pytest.mark.parametrize(("language", "words"), [("da", "Hej Freja Lund"), ("en", "Hello Freja Lund")])
def test_the_mail_is_in_the_accounts_language(walk: Walk, student: Account, language: str, words: str) -> None:
    Account.objects.update(language=language)
    walk.browser.cookies["language"] = "en" if language == "da" else "da"
    ask(walk)
    assert words in mail.outbox[0].body


def test_the_link_is_made_from_the_settings_and_not_from_the_request(
    walk: Walk, settings: Settings, student: Account
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.PORTAL_URL = "https://mfa.ku.dk"
    walk.browser.post(
        "/password/forgotten/",
        {"account_name": "stu123@alumni.ku.dk"},
        headers={"host": "evil.example", "x-forwarded-host": "evil.example"},
    )
    assert "https://mfa.ku.dk/password/new/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].message().as_string()


def test_a_forged_host_is_refused(walk: Walk, student: Account) -> None:
    response = ask(walk, host="evil.example")
    assert response.status_code == 400
    assert mail.outbox == []


def test_a_link_works_once(walk: Walk, student: Account) -> None:
    ask(walk)
    path = link()
    set_password(walk, path)
    assert "Linket virker ikke længere" in walk.get(path).content.decode()


def test_a_link_lives_an_hour(walk: Walk, student: Account) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        ask(walk)
        clock.move_to(start + timedelta(minutes=59))
        assert "Vælg en ny adgangskode" in walk.get(link()).content.decode()
        clock.move_to(start + timedelta(minutes=60, seconds=1))
        assert "Linket virker ikke længere" in walk.get(link()).content.decode()


def test_the_form_of_a_link_is_dead_after_an_hour_too(walk: Walk, student: Account) -> None:
    ask(walk)
    form = walk.get(link()).redirect_chain[-1][0]
    with time_machine.travel(time.time() + 61 * 60):
        walk.browser.post(form, {"new_password1": NEW, "new_password2": NEW})
    student.refresh_from_db()
    assert student.check_password(PASSWORD)


def test_a_new_password_makes_older_links_dead(walk: Walk, student: Account) -> None:
    ask(walk)
    first = link()
    ask(walk)
    set_password(walk, link())
    assert "Linket virker ikke længere" in walk.get(first).content.decode()


@pytest.mark.parametrize("path", ["/password/new/MQ/abc-def/", "/password/new/%00/x/", "/password/new/OTk5OTk5OTk/x/"])
def test_a_link_that_nobody_made_does_not_work(walk: Walk, student: Account, path: str) -> None:
    page = walk.get(path)
    assert page.status_code == 200
    assert "Linket virker ikke længere" in page.content.decode()


def test_a_link_does_not_work_for_an_account_that_was_disabled_since(walk: Walk, student: Account) -> None:
    ask(walk)
    Account.objects.update(is_active=False)
    assert "Linket virker ikke længere" in walk.get(link()).content.decode()
    assert "password_changed" not in kinds()


def test_the_token_does_not_stay_in_the_address(walk: Walk, student: Account) -> None:
    ask(walk)
    assert walk.get(link()).redirect_chain[-1][0].endswith("/set-password/")


def test_asvs_6_4_3_a_reset_signs_nobody_in_and_the_second_factor_is_still_asked_for(
    walk: Walk, phone: SmsDevice
) -> None:
    ask(walk)
    set_password(walk, link())
    assert not is_signed_in(walk.browser)
    walk.name(phone.user)
    assert "Send sms til" in walk.password(NEW).content.decode()
    assert not is_signed_in(walk.browser)


def test_asvs_6_4_3_a_reset_does_not_unlock_a_phone(walk: Walk, phone: SmsDevice) -> None:
    SmsDevice.objects.update(disabled_at=timezone.now())
    ask(walk)
    set_password(walk, link())
    walk.name(phone.user)
    assert walk.password(NEW).status_code == 403


def test_a_reset_ends_every_session_and_every_sign_in_that_was_begun(
    walk: Walk, another_walk: Walk, phone: SmsDevice
) -> None:
    walk.signed_in(phone)
    another_walk.to_password(phone.user)
    ask(another_walk)
    set_password(another_walk, link())
    assert not is_signed_in(walk.browser)
    assert another_walk.get("/sign-in/verify/").status_code == 409


NAMES = {
    "stu123@alumni.ku.dk": True,
    "stu123@ku.dk": False,
    "nob123@alumni.ku.dk": False,
    "dis123@alumni.ku.dk": False,
    "eml123@alumni.ku.dk": False,
}


def test_asvs_6_3_8_the_answer_is_the_same_whoever_it_is(
    walk: Walk, student: Account, make_account: MakeAccount, django_assert_num_queries: Any
) -> None:
    make_account("dis123", is_student=True, is_active=False)
    make_account("eml123", is_student=True, email="")
    pages = {name: ask(walk, name) for name in NAMES}
    assert {page.status_code for page in pages.values()} == {200}
    assert len({mask(page) for page in pages.values()}) == 1
    assert len({tuple(page.redirect_chain) for page in pages.values()}) == 1
    assert [message.to for message in mail.outbox] == [["stu123@example.org"]]
    for name in NAMES:
        with django_assert_num_queries(5):  # account, savepoint, event, limit, savepoint
            password_reset.request_reset(parse_account_name(name), ClientInfo())


def test_asvs_6_3_8_every_name_gives_one_task_with_an_id_and_no_token(
    walk: Walk, student: Account, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account("dis123", is_student=True, is_active=False)
    payloads: list[Any] = []
    monkeypatch.setattr(
        sign_in_password_reset.send_password_reset, "delay", lambda *args, **kwargs: payloads.append((args, kwargs))
    )
    for name in NAMES:
        ask(walk, name)
    assert payloads == [((student.pk if mailed else None,), {}) for mailed in NAMES.values()]


def test_a_broker_that_is_gone_does_not_show(walk: Walk, student: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: Any) -> None:
        raise ConnectionError("broker.example.org")

    monkeypatch.setattr(sign_in_password_reset.send_password_reset, "delay", gone)
    assert "Kig i din mail" in ask(walk).content.decode()
    assert kinds() == ["password_reset_requested"]


def test_three_mails_an_hour_are_sent_and_no_more(walk: Walk, student: Account) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for _time in range(5):
            ask(walk)
        assert len(mail.outbox) == 3
        clock.move_to(start + timedelta(minutes=60, seconds=1))
        ask(walk)
        assert len(mail.outbox) == 4


def test_who_asks_all_the_time_does_not_keep_the_owner_from_ever_getting_a_mail(walk: Walk, student: Account) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for minute in range(0, 240, 10):
            clock.move_to(start + timedelta(minutes=minute))
            ask(walk)
    assert len(mail.outbox) >= 2 * 3


def test_other_accounts_have_a_limit_of_their_own(walk: Walk, student: Account, employee: Account) -> None:
    for _time in range(4):
        ask(walk)
    ask(walk, "emp789@ku.dk")
    assert mail.outbox[-1].to == ["emp789@example.org"]


@pytest.mark.parametrize("account_id", [None, 999999])
def test_the_task_sends_nothing_to_nobody(db: None, account_id: int | None) -> None:
    sign_in_password_reset.send_password_reset(account_id)
    assert mail.outbox == []


def test_the_page_of_a_sign_in_that_was_begun_knows_the_name(walk: Walk, student: Account) -> None:
    walk.name(student)
    assert 'value="stu123@alumni.ku.dk"' in walk.get("/password/forgotten/").content.decode()


def test_a_name_without_a_domain_is_refused_as_at_the_sign_in(walk: Walk, student: Account) -> None:
    assert "<title>Fejl: " in ask(walk, "stu123").content.decode()
    assert not SecurityEvent.objects.exists()


def test_the_reset_is_counted_for_an_unknown_name_too(walk: Walk, db: None) -> None:
    ask(walk, "nob123@ku.dk")
    event = SecurityEvent.objects.get()
    assert (event.kind, event.account, len(event.name_digest)) == ("password_reset_requested", None, 32)
