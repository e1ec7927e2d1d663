"""Let a single test file start quickly, without another command before it."""

import sys

import pytest

from tools import catalogues


def pytest_configure() -> None:
    """Compile stale catalogues, so that pytest works in a fresh clone."""
    catalogues.compile_stale()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Unregister the Hypothesis plugin if no test used it. The plugin's summary imports all of Hypothesis."""
    plugins = session.config.pluginmanager
    if "hypothesis" not in sys.modules and plugins.hasplugin("hypothesispytest"):
        plugins.unregister(name="hypothesispytest")
