"""The values of a directory, as the portal reads them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from directory import schema

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PERSON = UUID("6f3d9c0e-1b2a-4c5d-8e7f-001122334455")


def test_both_kinds_of_directory_give_the_same_form_of_identifier() -> None:
    assert schema.stable_id({"objectGUID": [PERSON.bytes_le]}, "objectGUID") == str(PERSON)
    assert schema.stable_id({"entryUUID": [str(PERSON).encode()]}, "entryUUID") == str(PERSON)
    assert schema.stable_id({}, "entryUUID") == ""


def test_an_identifier_of_another_form_is_made_into_one_that_stays_the_same() -> None:
    first, again, other = (schema.stable_id({"number": [raw]}, "number") for raw in (b"4711", b"4711", b"4712"))
    assert first == again != other
    assert str(UUID(first)) == first


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (b"134080848000000000", datetime(2025, 11, 20, 4, tzinfo=UTC)),
        (b"20251120040000Z", datetime(2025, 11, 20, 4, tzinfo=UTC)),
        (b"20251120040000.123Z", datetime(2025, 11, 20, 4, tzinfo=UTC)),
        (b"0", None),
        (b"9223372036854775807", None),
        (b"-1", None),
        (b"soonZ", None),
        (b"", None),
    ],
)
def test_the_times_of_both_kinds_are_read(value: bytes, moment: datetime | None) -> None:
    assert schema.password_changed_at({"changed": [value]}, "changed") == moment


@pytest.mark.parametrize(
    ("values", "in_use"),
    [
        ({}, True),
        ({"userAccountControl": [b"512"]}, True),
        ({"userAccountControl": [b"514"]}, False),
        ({"accountExpires": [b"9223372036854775807"]}, True),
        ({"accountExpires": [b"134081064000000000"]}, False),
        ({"pwdAccountLockedTime": [b"000001010000Z"]}, False),
        ({"pwdAccountLockedTime": [b"20261128110000Z"]}, True),
    ],
)
def test_disabled_and_expired_accounts_are_not_in_use(values: schema.Values, in_use: bool) -> None:
    assert schema.is_in_use(values, NOW) is in_use


def test_a_group_is_compared_without_case() -> None:
    values: schema.Values = {"memberOf": [b"CN=Students,DC=ku,DC=dk"]}
    assert schema.has_affiliation(values, "memberOf=cn=students,dc=ku,dc=dk")
    assert not schema.has_affiliation(values, "memberOf=cn=staff,dc=ku,dc=dk")
    assert not schema.has_affiliation(values, "memberOf=")
