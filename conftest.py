"""Fixtures that all tests share."""

pytest_plugins = ["tests.startup", "tests.fixtures", "tests.row_locks", "tests.browser.summary"]
