"""The pictures of the help page match the current pages. `make guide` takes them again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import translation

from accounts.models import Account
from kumfa.settings import BASE_DIR
from mfa_sms.models import SmsDevice
from mfa_totp.models import AuthenticatorApp
from mfa_totp.tests.helpers import CHOOSE, ENROLL, code_at, key_on, page_of
from sign_in.guide_pictures import Picture, pictures
from tests.browser.png import size_of
from tests.fixtures import Walk
from tests.page_words import PageWords, read_page

pytestmark = pytest.mark.django_db

FOLDER = BASE_DIR / "static" / "guide"
STORED = json.loads((FOLDER / "pictures.json").read_text(encoding="utf-8"))
LARGEST = 20_000  # bytes of one picture


@pytest.fixture(params=["da", "en"])
def language(request: pytest.FixtureRequest, walk: Walk) -> Iterator[str]:
    """Return a language in which the browser and the test speak."""
    walk.browser.cookies["language"] = request.param
    with translation.override(request.param):
        yield request.param


def words(response: Any) -> PageWords:
    return read_page(response.content.decode())


def stored(language: str, name: str) -> PageWords:
    found = STORED[language][name]
    return PageWords(found["heading"], found["buttons"], found["main_button"])


def differing(language: str, live: dict[str, PageWords]) -> dict[str, tuple[PageWords, PageWords]]:
    """Return what each outdated picture shows and what its page says."""
    shown = {name: stored(language, name) for name in live}
    return {name: (shown[name], live[name]) for name in live if shown[name] != live[name]}


def test_the_pictures_of_a_phone_show_the_pages_as_they_are(language: str, walk: Walk, student: Account) -> None:
    live = {"account_name": words(walk.get("/sign-in/"))}
    live["password"] = words(walk.name(student))
    live["more_needed"] = words(walk.password())
    live["app"] = words(walk.get("/enroll/app/"))
    live["methods"] = words(walk.get("/enroll/methods/"))
    live["phone"] = words(walk.get("/enroll/methods/?method=mfa_sms"))
    live["enroll_code"] = words(walk.number())
    live["registered"] = words(walk.enroll_code())
    live["choose"] = words(walk.done())
    live["code"] = words(walk.send(SmsDevice.objects.get()))
    live["stay"] = words(walk.code())
    assert differing(language, live) == {}


def test_the_pictures_of_an_app_show_the_pages_as_they_are(language: str, walk: Walk, employee: Account) -> None:
    walk.name(employee)
    walk.password()
    response = walk.get(ENROLL)
    live = {"set_up_app": words(response)}
    code = code_at(key_on(page_of(response)))
    live["app_registered"] = words(walk.browser.post(ENROLL, {"code": code}, follow=True))
    live["choose_app"] = words(walk.done())
    device = AuthenticatorApp.objects.get().persistent_id
    live["app_code"] = words(walk.browser.post(CHOOSE, {"device": device}, follow=True))
    assert differing(language, live) == {}


def test_the_page_shows_each_picture_with_its_size_and_its_words(language: str, walk: Walk) -> None:
    page = walk.get(reverse("sign_in:help")).content.decode()
    shown = [name for name, picture in pictures().items() if markup(picture) in page]
    assert set(pictures()) - set(shown) == {"choose_app"}
    assert page.count("<img") == len(shown)


def markup(picture: Picture) -> str:
    alt = picture.alt.replace("'", "&#x27;")
    return f'src="/static/{picture.path}" alt="{alt}" width="{picture.width}" height="{picture.height}" loading="lazy"'


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.png")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_picture_is_small_and_has_the_stored_proportions(path: Path) -> None:
    png = path.read_bytes()
    found = STORED[path.parent.name][path.stem]
    width, height = size_of(png)
    assert finders.find(f"guide/{path.parent.name}/{path.name}")
    assert len(png) <= LARGEST
    assert abs(width / height - found["width"] / found["height"]) < 0.01


def test_every_stored_picture_has_a_file() -> None:
    names = {f"{language}/{name}.png" for language, found in STORED.items() for name in found}
    assert names == {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.png")}
