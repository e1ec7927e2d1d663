"""Every URL outside the admin does what the table says. (ASVS 6.3.3, 8.2.1)"""

import pytest

from kumfa.tests.who_may_what.world import ROLES
from tests.helpers import every_path
from tests.urls.table import TABLE
from tests.urls.visitors import VISITORS, Scene, Visitor, outcome, staff, undone, visit

every_method = pytest.mark.parametrize("method", ["get", "post"])


def outcomes(scene: Scene, visitor: Visitor, method: str) -> dict[str, str]:
    """Return what every URL of the table does for the visitor."""
    browser, urls, found = visitor(scene), scene.urls(), {}
    for name in TABLE[method]:
        with undone():
            found[name] = outcome(visit(browser, method, urls[name])[1])
    return found


def column(method: str, visitor: str) -> dict[str, str]:
    return {name: cells[visitor] for name, cells in TABLE[method].items()}


@every_method
def test_asvs_6_3_3_every_url_is_in_the_table_and_every_row_is_a_url(method: str) -> None:
    assert set(TABLE[method]) == {name for name, path in every_path().items() if not path.startswith("/admin")}


@every_method
@pytest.mark.parametrize("visitor", VISITORS)
def test_asvs_6_3_3_a_url_does_what_the_table_says(scene: Scene, visitor: str, method: str) -> None:
    assert outcomes(scene, VISITORS[visitor], method) == column(method, visitor)


@every_method
@pytest.mark.parametrize("role", ROLES)
def test_asvs_8_2_1_a_role_in_the_admin_changes_nothing_outside_it(scene: Scene, role: str, method: str) -> None:
    # Superusers have every permission, also the translators'.
    words = {"words:index": "200", "words:texts": "200", "words:section": "404", "words:show": "404"}
    more = words if (role, method) == ("superuser", "get") else {}
    assert outcomes(scene, staff(role), method) == column(method, "employee") | more
