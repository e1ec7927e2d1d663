"""A stolen session: sensitive pages ask for the second factor again."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MakeGuide
from tests.browser.people import People, Student, ask_database
from tests.browser.portal import Portal
from tests.browser.security import SecurityInfo, sign_in_to
from tests.browser.visitor import Visitor
from tests.interface import in_da

# Posts what the page's own form would post if the stranger had kept it open.
_POST = """path => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = path;
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const [name, value] of Object.entries({csrfmiddlewaretoken: token, sheet: "0"})) {
        const field = document.createElement("input");
        field.name = name;
        field.value = value;
        form.append(field);
    }
    document.body.append(form);
    form.submit();
}"""


def asks_first(visitor: Visitor) -> None:
    """Check that the page asks for the second factor and gives the reason."""
    visitor.sees(in_da("Confirm it's you"))
    why = in_da("Before you change how you log in, confirm again that it is you.")
    expect(visitor.page.get_by_role("main")).to_contain_text(why)


def post(page: Page, path: str) -> None:
    """Post a form that the portal did not show."""
    with page.expect_navigation():
        page.evaluate(_POST, path)


def address(info: SecurityInfo, page: str) -> str:
    """Return the path of a sensitive page."""
    action = {"change": "Skift", "remove": in_da("Remove")}.get(page)
    return info.address(action, info.guide.person.masked) if action else f"/security-info/{page}/"


@pytest.mark.parametrize(
    ("page", "heading"),
    [
        ("add", in_da("Add a login method")),
        ("change", in_da("Change a login method")),
        ("remove", in_da("Remove a login method")),
        ("recovery-codes", in_da("Recovery codes")),
    ],
)
def test_a_stolen_session_is_asked_on_get_and_on_post(
    visitor: Visitor, guide: MakeGuide, people: People, portal: Portal, enrolled: Student, page: str, heading: str
) -> None:
    people.add_phone(enrolled)
    steps = guide(enrolled)
    info = sign_in_to(steps)
    path = address(info, page)
    visitor.open(path)
    visitor.sees(heading)
    people.age_proof(visitor.session_key)
    visitor.open(path)
    asks_first(visitor)
    info.open()
    post(visitor.page, path)
    asks_first(visitor)
    changes = """
        SELECT kind FROM audit_securityevent JOIN accounts_account ON account_id = accounts_account.id
        WHERE username = ? AND kind IN ('device_enrolled', 'device_changed', 'device_removed', 'recovery_codes_made')
    """
    assert ask_database(portal.var, changes, enrolled.username) == []
    steps.choose()
    steps.sign_in_code()
    visitor.sees(heading)
    assert urlsplit(visitor.page.url).path == path


def test_who_has_just_signed_in_is_not_asked_again(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    info = sign_in_to(guide(enrolled))
    visitor.open(info.address("Skift", enrolled.masked))
    visitor.sees(in_da("Change a login method"))


def test_the_last_method_cannot_be_removed(visitor: Visitor, guide: MakeGuide, enrolled: Student) -> None:
    info = sign_in_to(guide(enrolled))
    visitor.open(info.address("Skift", enrolled.masked).replace("change", "remove"))
    visitor.sees(in_da("You cannot remove your last login method"))
    visitor.page.get_by_role("link", name=in_da("Your login methods")).click()
    visitor.sees(in_da("Your login methods"))
