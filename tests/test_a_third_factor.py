"""A new factor is a new app. It supports enrollment, sign-in, the list of methods, removal and compromise reports.

None of this needs a change in the shared apps. The factor brings its own event, notice and permission.
"""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from pytest_django.fixtures import Settings

from accounts.models import Account
from audit.models import SecurityEvent
from backoffice import roles
from helpdesk import event_words
from helpdesk.models import Case
from helpdesk.tests.people import agent_of, browser_of, do, words
from mfa_sms.models import SmsDevice
from notices.tests.owners import body, report_path
from sign_in.models import MethodPolicy
from tests.fixtures import Outbox, Walk
from tests.helpers import is_signed_in, registered_actions, registered_methods
from tests.interface import in_da
from tests.pigeon.helpdesk import FeedPigeon
from tests.pigeon.method import METHOD
from tests.pigeon.models import Pigeon


@pytest.fixture(autouse=True)
def _pigeon(settings: Settings) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.pigeon.urls"
    with registered_methods(METHOD), registered_actions(FeedPigeon()):
        yield


def enrolled(walk: Walk, account: Account) -> Pigeon:
    walk.to_password(account)
    walk.browser.post("/enroll/pigeon/", {"word": "kurr"})
    pigeon: Pigeon = Pigeon.objects.get(user=account)
    return pigeon


def say(walk: Walk, word: str = "kurr") -> None:
    walk.browser.post("/sign-in/verify/pigeon/", {"code": word})


def test_it_is_enrolled_and_signs_in(walk: Walk, employee: Account) -> None:
    walk.to_password(employee)
    assert 'href="/enroll/pigeon/"' in walk.get("/enroll/").content.decode()  # the strongest method comes first
    page = walk.browser.post("/enroll/pigeon/", {"word": "kurr"}, follow=True).content.decode()
    assert "Duen er nu registreret" in page
    page = walk.done().content.decode()
    assert "Send en brevdue" in page
    assert "Send en due med et brev" in page
    say(walk, "kra")
    assert not is_signed_in(walk.browser)
    say(walk)
    assert is_signed_in(walk.browser)


def test_it_is_among_the_methods_to_choose(walk: Walk, student: Account) -> None:
    walk.to_password(student)
    page = walk.get("/enroll/methods/").content.decode()
    assert "Brevdue" in page
    assert in_da("Phone") in page
    assert walk.get("/enroll/methods/?method=pigeon").redirect_chain[-1][0] == "/enroll/pigeon/"


def test_it_is_named_preferred_and_removed(walk: Walk, phone: SmsDevice) -> None:
    pigeon = Pigeon.objects.create(user=phone.user, name="Karl", word="kurr")
    walk.to_password(phone.user)
    say(walk)
    walk.stay()
    assert "Duen Karl" in walk.get("/security-info/").content.decode()
    walk.browser.post(f"/security-info/pigeon/{pigeon.pk}/first/")
    walk.browser.post(f"/security-info/pigeon/{pigeon.pk}/name/", {"name": "Knud"})
    assert "Duen Knud" in walk.get("/security-info/").content.decode()
    walk.browser.post(f"/security-info/pigeon/{pigeon.pk}/remove/")
    assert not Pigeon.objects.exists()
    assert SecurityEvent.objects.filter(kind="device_removed", method="pigeon").count() == 1
    assert is_signed_in(walk.browser)


def test_n_4_1_2_1_as_the_strongest_it_alone_steps_up(walk: Walk, phone: SmsDevice) -> None:
    Pigeon.objects.create(user=phone.user, name="Karl", word="kurr")
    walk.to_code(phone)
    walk.code()
    walk.stay()
    assert is_signed_in(walk.browser)
    page = walk.get("/security-info/add/").content.decode()
    assert "Send en brevdue" in page
    assert "Send sms til" not in page
    say(walk)
    assert walk.get("/security-info/add/").redirect_chain == []


def test_who_has_it_is_not_asked_for_another(walk: Walk, student: Account) -> None:
    enrolled(walk, student)
    assert walk.get("/enroll/phone/").status_code == 409


def test_a_rule_forbids_it(walk: Walk, employee: Account) -> None:
    MethodPolicy.objects.create(method="pigeon", students=True, employees=False)
    walk.to_password(employee)
    assert walk.get("/enroll/pigeon/").status_code == 403
    assert walk.browser.post("/enroll/pigeon/", {"word": "kurr"}).status_code == 403
    assert not Pigeon.objects.exists()


def test_its_own_event_is_shown_to_its_owner_and_to_agents(walk: Walk, phone: SmsDevice) -> None:
    Pigeon.objects.create(user=phone.user, name="Karl", word="kurr")
    walk.to_password(phone.user)
    say(walk)
    walk.stay()
    event = SecurityEvent.objects.get(kind="pigeon_sent")
    assert event.get_kind_display() == "Due sendt"
    assert event_words.line(event) == "Brevdue · Det stormede"
    assert "Du sendte en due." in walk.get("/security-info/activity/").content.decode()


def test_its_own_notice_goes_out_by_mail_and_sms_and_a_report_locks_it(walk: Walk, phone: SmsDevice) -> None:
    pigeon = Pigeon.objects.create(user=phone.user, name="Karl", word="kurr")
    walk.to_password(phone.user)
    say(walk)
    assert mail.outbox[-1].subject == "En due blev sendt fra din KU-konto"
    assert "En due med dit ord landede hos os." in body()
    assert walk.outbox.messages[-1]["text"].startswith("En due blev sendt fra din KU-konto. Var det ikke dig? Ring")
    path = report_path(body())
    assert "En due blev sendt" in walk.get(path).content.decode()
    walk.browser.post(path)
    pigeon.refresh_from_db()
    assert pigeon.word == ""


def test_its_own_permission_belongs_to_the_role_that_it_names(db: None) -> None:
    holders = Group.objects.filter(permissions__codename="feed_pigeon").values_list("name", flat=True)
    assert list(holders) == [roles.LEAD]


def test_its_own_action_is_performed_by_the_role_that_may(student: Account, sms_outbox: Outbox) -> None:
    pigeon = Pigeon.objects.create(user=student, name="Karl", word="kurr")
    pages: dict[str, str] = {}
    for role in (roles.HELPDESK, roles.LEAD):
        browser = browser_of(agent_of(role, f"agt{len(pages)}00"), sms_outbox)
        pages[role] = words(browser.get(f"/admin/accounts/account/{student.pk}/change/"))
        done = words(do(browser, student, "feed-pigeon"))
    assert ["Fodr duen" in page for page in pages.values()] == [False, True]
    assert "Duen er fodret." in done
    pigeon.refresh_from_db()
    assert pigeon.word == "mæt"
    event = SecurityEvent.objects.get(kind="helpdesk_action_performed")
    assert (event.reason, event.detail) == ("feed-pigeon", "mitid · INC-1042 · havre")
    assert "It-support har fodret din due." in body()


def test_wrong_words_lock_it_and_open_a_case(walk: Walk, student: Account, settings: Settings) -> None:
    settings.CODE_FAILURES_TO_DISABLE = 2
    pigeon = Pigeon.objects.create(user=student, name="Karl", word="kurr")
    walk.to_password(student)
    for _time in range(2):
        say(walk, "kra")
    pigeon.refresh_from_db()
    assert pigeon.is_disabled
    assert list(Case.objects.values_list("event__kind", flat=True)) == ["device_disabled"]
    say(walk)
    assert not is_signed_in(walk.browser)
