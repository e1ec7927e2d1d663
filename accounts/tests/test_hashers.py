"""The hash of passwords has OWASP's parameters, and others are replaced at the next right password."""

import pytest
from django.contrib.auth.hashers import check_password, make_password
from pytest_django.fixtures import Settings

from accounts.models import Account

OURS = "accounts.hashers.Argon2Hasher"
DJANGOS = "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_a_hash_has_19_mib_2_passes_and_1_lane(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [OURS]
    made = make_password("rødgrød med fløde")
    assert made.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("rødgrød med fløde", made)


@pytest.mark.django_db
def test_a_hash_with_other_parameters_is_replaced_by_the_right_password(settings: Settings, student: Account) -> None:
    settings.PASSWORD_HASHERS = [DJANGOS]
    student.set_password("rødgrød med fløde")
    student.save()
    settings.PASSWORD_HASHERS = [OURS]
    assert not student.check_password("wrong")
    assert "m=102400" in Account.objects.get().password
    assert student.check_password("rødgrød med fløde")
    assert "m=19456" in Account.objects.get().password
