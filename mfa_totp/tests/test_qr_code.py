"""The QR code, the key and the link on the page contain the same secret."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import segno

from accounts.models import Account
from mfa_totp.tests.helpers import ENROLL, in_english, key_on, page_of, uri_on
from tests.fixtures import MakeAccount, Walk
from tests.interface import in_da

QUIET = 4


def opened(walk: Walk, account: Account) -> str:
    in_english(walk).to_password(account)
    return page_of(walk.get(ENROLL))


def modules_on(page: str) -> list[list[int]]:
    """Return the dark modules of the SVG, without the white margin."""
    size = int(re.findall(r'viewBox="0 0 (\d+) \1"', page)[0])
    picture = [[0] * size for _ in range(size)]
    path = re.findall(r'stroke="#000"[^>]* d="([^"]+)"', page)[0]
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path):
        picture[int(y)][int(x) : int(x) + int(length)] = [1] * int(length)
    edge = [*picture[:QUIET], *picture[-QUIET:], *(row[:QUIET] + row[-QUIET:] for row in picture)]
    assert not any(any(row) for row in edge)
    return [row[QUIET:-QUIET] for row in picture[QUIET:-QUIET]]


def test_the_qr_code_holds_the_address_of_the_link(walk: Walk, student: Account) -> None:
    page = opened(walk, student)
    expected = segno.make(uri_on(page), error="m", micro=False).matrix
    assert modules_on(page) == [list(row) for row in expected]


def test_the_address_says_what_the_portal_will_compare(walk: Walk, student: Account) -> None:
    page = opened(walk, student)
    address = urlsplit(uri_on(page))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/KU-login:stu123@alumni.ku.dk"
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert len(key_on(page)) == 20
    assert {name: query[name] for name in query if name != "secret"} == {
        "issuer": in_da("UCPH login"),
        "algorithm": "SHA1",
        "digits": "6",
        "period": "30",
    }


def test_the_key_stands_in_groups_of_four(walk: Walk, student: Account) -> None:
    page = opened(walk, student)
    groups = re.findall(r'<strong id="key">((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})</strong>', page)
    assert len(groups) == 1
    assert groups[0].replace(" ", "") == parse_qs(urlsplit(uri_on(page)).query)["secret"][0]


def test_the_page_names_the_account_as_the_app_will(walk: Walk, student: Account) -> None:
    assert "KU-login: stu123@alumni.ku.dk" in opened(walk, student)


def test_the_qr_code_is_dark_on_white_and_has_a_name(walk: Walk, student: Account) -> None:
    svg = re.findall(r"<svg.*?</svg>", opened(walk, student), re.DOTALL)
    assert len(svg) == 1
    assert 'role="img" aria-labelledby="qr-title"' in svg[0]
    assert re.search(r'<title id="qr-title">[^<]+</title>', svg[0])
    assert svg[0].index('fill="#fff"') < svg[0].index('stroke="#000"')
    assert "style" not in svg[0]


def test_the_longest_name_still_fits_the_narrowest_page(walk: Walk, make_account: MakeAccount) -> None:
    page = opened(walk, make_account("abc123456789", is_student=True))
    assert int(re.findall(r'<svg[^>]* width="(\d+)"', page)[0]) <= 320 - 2 * 16 - 2 * 16 - 2
