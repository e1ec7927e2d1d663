"""Browsers in words."""


def describe(user_agent: str) -> str:
    """Return browser and system."""
    return user_agent
