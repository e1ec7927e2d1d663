"""The readable name of a user agent."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from common import browser_names

SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"


@pytest.fixture
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{WINDOWS} Gecko/20100101 Firefox/130.0", "Firefox, Windows"),
        (f"{WINDOWS} {CHROME} Safari/537.36", "Chrome, Windows"),
        (f"{WINDOWS} {CHROME} Safari/537.36 Edg/129.0.0.0", "Edge, Windows"),
        (f"{WINDOWS} {CHROME} Safari/537.36 OPR/114.0.0.0", "Opera, Windows"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Safari/605.1.15", "Safari, macOS"),
        (f"{IPHONE} {SAFARI} Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        (f"{IPHONE} AppleWebKit/605.1.15 CriOS/129.0 Mobile/15E148 Safari/604.1", "Chrome, iPhone"),
        (f"{IPHONE} AppleWebKit/605.1.15 FxiOS/130.0 Mobile/15E148 Safari/605.1.15", "Firefox, iPhone"),
        (f"Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) {SAFARI} Mobile/15E148 Safari/604.1", "Safari, iPad"),
        (f"{ANDROID} {CHROME} Mobile Safari/537.36", "Chrome, Android"),
        (f"{ANDROID} {CHROME} Mobile Safari/537.36 EdgA/129.0", "Edge, Android"),
        (f"{ANDROID} AppleWebKit/537.36 SamsungBrowser/26.0 Chrome/122.0 Safari/537.36", "Samsung Internet, Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Linux"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36", "Chrome, ChromeOS"),
        ("Firefox/130.0", "Firefox"),
    ],
)
def test_a_browser_is_named_with_its_system(user_agent: str, words: str) -> None:
    assert browser_names.describe_browser(user_agent) == words


@pytest.mark.usefixtures("_english")
def test_an_unknown_browser_is_called_so() -> None:
    assert browser_names.describe_browser("") == "an unknown browser"
    assert browser_names.describe_browser("curl/8.5") == "an unknown browser"
    assert browser_names.describe_browser("curl/8.5 Windows") == "an unknown browser, Windows"


@pytest.mark.usefixtures("_english")
def test_nothing_that_a_header_says_comes_out_as_it_is() -> None:
    assert browser_names.describe_browser("call 90 12 34 56 at once, https://evil.example") == "an unknown browser"
