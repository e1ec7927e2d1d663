"""The demo's people: created once, and staff always have unused codes."""

import io
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import Account
from backoffice import roles
from demo import people
from demo.management.commands import run
from demo.processes import Process
from tests.fixtures import Walk
from tests.helpers import picture

pytestmark = pytest.mark.django_db


def test_everyone_is_made_with_what_they_are() -> None:
    accounts = {person.what: people.ensure(person) for person in people.PEOPLE}
    assert Account.objects.count() == len(people.PEOPLE)
    assert accounts["student"].check_password(people.PASSWORD)
    assert accounts["student and employee"].account_name.domain == "ku.dk"
    assert not accounts["student, disabled"].is_active
    old = accounts["student, password 13 months old"].password_changed_at
    assert old is not None
    assert timezone.now() - old > timedelta(days=365)


def test_staff_have_the_permissions_of_their_role_and_no_others() -> None:
    for person in (*people.PEOPLE, people.SECOND_LEAD):
        account = people.ensure(person)
        assert not account.is_superuser
        assert account.is_staff is (person.role in roles.ROLES), person
        assert [group.name for group in account.groups.all()] == ([person.role] if person.role else [])
        granted = Permission.objects.filter(group__name=person.role)
        assert account.get_all_permissions() == {
            f"{permission.content_type.app_label}.{permission.codename}"
            for permission in granted.select_related("content_type")
        }


def test_there_is_somebody_of_each_role() -> None:
    assert {person.role for person in people.PEOPLE} == {"", *roles.ALL_ROLES}


def test_making_them_again_changes_nothing() -> None:
    for person in people.PEOPLE:
        people.ensure(person)
    before = picture()
    for person in people.PEOPLE:
        people.ensure(person)
    assert picture() == before


def test_a_password_that_was_changed_stays_changed() -> None:
    account = people.ensure(people.PEOPLE[0])
    account.set_password("noget helt andet")
    account.save()
    assert people.ensure(people.PEOPLE[0]).check_password("noget helt andet")


def test_used_codes_are_made_up_for() -> None:
    person = next(person for person in people.PEOPLE if person.what == "administrator")
    account = people.ensure(person)
    first = people.unused_codes(account)
    account.staticdevice_set.get().token_set.filter(token=first[0]).delete()
    codes = people.unused_codes(account)
    assert len(set(codes)) == 10
    assert first[0] not in codes
    assert set(first[1:]) <= set(codes)


def test_staff_alone_have_single_use_codes() -> None:
    accounts = [people.ensure(person) for person in people.PEOPLE]
    assert any(account.is_staff for account in accounts)
    assert any(account.is_employee and not account.is_staff for account in accounts)
    for account in accounts:
        assert account.staticdevice_set.exists() is account.is_staff, account


def test_an_employee_is_led_to_enroll_an_app(walk: Walk) -> None:
    karen = people.ensure(next(person for person in people.PEOPLE if person.what == "employee"))
    walk.name(karen)
    page = walk.password(people.PASSWORD).content.decode()
    assert 'href="/enroll/app/"' in page


def test_a_port_that_is_taken_is_said_before_anything_is_done() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="is taken"):
            call_command("run", port=taken.getsockname()[1])
    assert not Account.objects.exists()


def test_a_database_in_memory_is_not_copied_to_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "Group", lambda chains, ready: mock.Mock(run=lambda: 0))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        call_command("run", port=0, stdout=io.StringIO())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("empty", [True, False])
def test_the_history_is_left_out_if_asked(monkeypatch: pytest.MonkeyPatch, empty: bool) -> None:
    started: list[list[list[str]]] = []

    def group(chains: list[list[Process]], ready: Callable[[], bool]) -> Any:
        started.append([[" ".join(process.command) for process in chain] for chain in chains])
        return mock.Mock(run=lambda: 0)

    monkeypatch.setattr(run, "Group", group)
    with pytest.raises(SystemExit):
        call_command("run", port=0, empty=empty, stdout=io.StringIO())
    last = started[0][-1]
    assert last[0].endswith("fill_history --empty" if empty else "fill_history")
    assert "beat" in last[1].split()
