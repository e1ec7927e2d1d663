"""The library of the directory, which is not installed everywhere."""

import pytest

from directory import checks


def test_the_other_tests_of_the_directory_are_collected(request: pytest.FixtureRequest) -> None:
    if checks.missing_library():
        pytest.skip("no python-ldap (make install-directory)")
    files = list(request.path.parent.glob("test_*.py"))
    assert len(files) > 1
