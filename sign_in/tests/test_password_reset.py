"""Password reset by email: the link is valid for an hour, works once, and does not sign in."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from celery.app.task import Task
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.account_names import parse_account_name
from accounts.models import Account
from audit.models import RefusalCount, SecurityEvent
from common.client_info import ClientInfo
from limits.models import LimitCounter
from mfa_sms.models import SmsDevice
from mfa_sms.tests.races import at_once
from sign_in import password_reset
from sign_in.human_check import Answer
from sign_in.models import PasswordResetRequest
from tests.fixtures import PASSWORD, MakeAccount, Walk
from tests.helpers import is_signed_in, kinds, mask
from tests.interface import in_da

NEW = "Kastanjer og paraplyer 17"


def ask(walk: Walk, name: str = "stu123@alumni.ku.dk", **headers: Any) -> Any:
    """Ask for a link, and let the worker mail it."""
    response = walk.browser.post("/password/forgotten/", {"account_name": name}, follow=True, headers=headers)
    password_reset.send_due_resets()
    return response


def link() -> str:
    """Return the path of the link in the last mail."""
    found = re.search(r"^https?://[^/]+(/\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def set_password(walk: Walk, path: str, password: str = NEW) -> Any:
    form = walk.get(path).redirect_chain[-1][0]
    return walk.browser.post(form, {"new_password1": password, "new_password2": password}, follow=True)


def test_a_link_comes_by_mail_and_sets_a_new_password(walk: Walk, student: Account) -> None:
    assert in_da("Check your email") in ask(walk).content.decode()
    assert mail.outbox[0].to == ["stu123@example.org"]
    assert in_da("Your password is changed") in set_password(walk, link()).content.decode()
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


def test_the_mail_says_when_and_from_where_the_link_was_asked_for(walk: Walk, student: Account) -> None:
    with time_machine.travel("2026-09-01T08:11:00Z", tick=False):
        walk.browser.defaults["REMOTE_ADDR"] = "192.0.2.7"
        ask(walk, **{"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0"})
    text = str(mail.outbox[0].body)
    assert "1. september 2026 kl. 10.11" in text
    assert "Firefox, Windows" in text
    assert "192.0.2.7" in text


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
    password_reset.send_due_resets()
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
    assert in_da("The link no longer works") in walk.get(path).content.decode()


def test_a_second_press_gets_the_result_of_the_first(walk: Walk, student: Account) -> None:
    ask(walk)
    form = walk.get(link()).redirect_chain[-1][0]
    pages = [walk.browser.post(form, {"new_password1": NEW, "new_password2": NEW}) for _press in range(2)]
    assert [page["Location"] for page in pages] == ["/password/changed/", "/password/changed/"]
    assert kinds().count("password_changed") == 1


def test_a_link_lives_an_hour(walk: Walk, student: Account) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        ask(walk)
        clock.move_to(start + timedelta(minutes=59))
        assert in_da("Choose a new password") in walk.get(link()).content.decode()
        clock.move_to(start + timedelta(minutes=60, seconds=1))
        assert in_da("The link no longer works") in walk.get(link()).content.decode()


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
    assert in_da("The link no longer works") in walk.get(first).content.decode()


@pytest.mark.parametrize("path", ["/password/new/MQ/abc-def/", "/password/new/%00/x/", "/password/new/OTk5OTk5OTk/x/"])
def test_a_link_that_nobody_made_does_not_work(walk: Walk, student: Account, path: str) -> None:
    page = walk.get(path)
    assert page.status_code == 200
    assert in_da("The link no longer works") in page.content.decode()


def test_a_link_does_not_work_for_an_account_that_was_disabled_since(walk: Walk, student: Account) -> None:
    ask(walk)
    Account.objects.update(is_active=False)
    assert in_da("The link no longer works") in walk.get(link()).content.decode()
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
        with django_assert_num_queries(2):  # the limit of the address, the request
            password_reset.request_reset(parse_account_name(name), ClientInfo(), Answer())


def test_asvs_6_3_8_no_request_publishes_a_task(walk: Walk, student: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def publish(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a task was published")

    monkeypatch.setattr(Task, "apply_async", publish)
    for name in NAMES:
        assert in_da("Check your email") in ask(walk, name).content.decode()


def test_the_name_is_not_stored_in_clear_and_not_for_long(walk: Walk, student: Account) -> None:
    password_reset.request_reset(parse_account_name("stu123@alumni.ku.dk"), ClientInfo("192.0.2.1"), Answer())
    assert b"stu123" not in bytes(PasswordResetRequest.objects.get().name)
    password_reset.send_due_resets()
    assert not PasswordResetRequest.objects.exists()


def test_a_name_under_a_key_that_is_gone_gets_no_mail(walk: Walk, student: Account, settings: Settings) -> None:
    password_reset.request_reset(parse_account_name("stu123@alumni.ku.dk"), ClientInfo("192.0.2.1"), Answer())
    settings.SECRET_KEY = "another"
    assert password_reset.send_due_resets() == 0
    assert not PasswordResetRequest.objects.exists()


def test_a_mail_server_that_is_gone_costs_one_mail(
    walk: Walk, student: Account, employee: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = EmailMessage.send

    def gone(message: EmailMessage) -> int:
        if "stu123" in message.to[0]:
            raise ConnectionRefusedError
        return send(message)

    monkeypatch.setattr(EmailMessage, "send", gone)
    for name in ("stu123@alumni.ku.dk", "emp789@ku.dk"):
        password_reset.request_reset(parse_account_name(name), ClientInfo(), Answer())
    assert password_reset.send_due_resets() == 1
    assert [message.to for message in mail.outbox] == [["emp789@example.org"]]


def test_a_request_that_no_worker_took_in_time_is_not_mailed(walk: Walk, student: Account) -> None:
    password_reset.request_reset(parse_account_name("stu123@alumni.ku.dk"), ClientInfo(), Answer())
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        assert password_reset.send_due_resets() == 0


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


def test_the_page_of_a_sign_in_that_was_begun_knows_the_name(walk: Walk, student: Account) -> None:
    walk.name(student)
    assert 'value="stu123@alumni.ku.dk"' in walk.get("/password/forgotten/").content.decode()


def test_a_name_without_a_domain_is_refused_as_at_the_sign_in(walk: Walk, student: Account) -> None:
    assert "<title>Fejl: " in ask(walk, "stu123").content.decode()
    assert not SecurityEvent.objects.exists()


def test_k6_requests_for_unknown_names_add_counts_and_no_events(walk: Walk, db: None) -> None:
    with time_machine.travel("2026-03-02 12:00:10+01:00", tick=False):
        for number in range(50):
            ask(walk, f"nob{number:03}@ku.dk")
    assert RefusalCount.objects.get().count == 50
    assert not SecurityEvent.objects.exists()


def test_k6_an_address_above_its_limit_adds_nothing_but_a_count(walk: Walk, settings: Settings) -> None:
    settings.PASSWORD_RESETS_PER_ADDRESS = 5
    with time_machine.travel("2026-03-02 12:00:10+01:00", tick=False):
        for number in range(50):
            ask(walk, f"nob{number:03}@ku.dk")
    assert LimitCounter.objects.count() == 5 + 1
    assert kinds() == ["limit_reached"]


def test_an_address_that_asks_too_much_is_told_so_whoever_it_asks_for(
    walk: Walk, student: Account, settings: Settings
) -> None:
    settings.PASSWORD_RESETS_PER_ADDRESS = 5
    for _time in range(5):
        ask(walk, "nob123@ku.dk")
    pages = []
    with time_machine.travel(timezone.now(), tick=False):
        for name in ("stu123@alumni.ku.dk", "nob123@alumni.ku.dk"):
            walk.browser.cookies.pop("check", None)
            pages.append(ask(walk, name))
    assert [(page.status_code, page["Retry-After"]) for page in pages] == [(429, "30"), (429, "30")]
    masked = [re.sub(r'data-puzzle="[^"]+"', "", mask(page, "stu123", "nob123")) for page in pages]
    assert masked[0] == masked[1]
    assert mail.outbox == []


def test_k1_a_stranger_at_the_same_address_delays_a_reset_for_less_than_a_minute(
    walk: Walk, another_walk: Walk, student: Account
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _time in range(301):
            another_walk.browser.post("/password/forgotten/", {"account_name": "nobody@ku.dk"})
        assert ask(walk).status_code == 429
        clock.shift(timedelta(seconds=30))
        assert in_da("Check your email") in ask(walk).content.decode()
    assert [message.to for message in mail.outbox] == [["stu123@example.org"]]


@pytest.mark.parametrize("name", ["stu123@ku.dk", "nob123@alumni.ku.dk"])
def test_k1_requests_for_other_names_do_not_use_up_the_owners_mails(walk: Walk, student: Account, name: str) -> None:
    for _time in range(10):
        ask(walk, name)
    ask(walk)
    assert len(mail.outbox) == 1


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_of_simultaneous_requests_no_more_than_the_limit_lead_to_a_mail(student: Account) -> None:
    name = parse_account_name("stu123@alumni.ku.dk")
    at_once([lambda: password_reset.request_reset(name, ClientInfo("192.0.2.1"), Answer())] * 8)
    at_once([password_reset.send_due_resets] * 4)
    assert kinds() == ["password_reset_requested", "password_reset_mailed"] * 3


@pytest.mark.postgresql
@pytest.mark.usefixtures("row_locks")
def test_of_several_workers_at_once_one_mails_the_link(student: Account) -> None:
    password_reset.request_reset(parse_account_name("stu123@alumni.ku.dk"), ClientInfo(), Answer())
    assert sorted(at_once([password_reset.send_due_resets] * 4), key=str) == [0, 0, 0, 1]
