"""Make a single test file start quickly, and without another command before it."""

import sys

import pytest

from tools import catalogues


def pytest_configure() -> None:
    """Compile stale catalogues, so that pytest works in a fresh clone."""
    catalogues.compile_stale()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Drop the plugin of Hypothesis if no test used it: it imports all of Hypothesis for its part of the summary."""
    plugins = session.config.pluginmanager
    if "hypothesis" not in sys.modules and plugins.hasplugin("hypothesispytest"):
        plugins.unregister(name="hypothesispytest")
