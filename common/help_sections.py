"""The sections of the help page. Error pages and templates name the section that explains them."""

from enum import StrEnum


class HelpSection(StrEnum):
    """The anchor of each section of the help page, in the order of the page.

    Printed guides and links of other websites contain the anchors, so they never change.
    """

    FIRST_TIME_SMS = "first-time-sms"
    FIRST_TIME_APP = "first-time-app"
    USERNAME = "username"
    NO_SMS = "no-sms"
    WRONG_CODE = "wrong-code"
    NEW_NUMBER = "new-number"
    LOST_PHONE = "lost-phone"
    ACCESS_PASS = "access-pass"  # noqa: S105 - an anchor
    PASSWORD = "password"  # noqa: S105 - an anchor
    GENUINE = "genuine"
    NOT_ME = "not-me"
    STAY_LOGGED_IN = "stay-logged-in"
    OPENING_HOURS = "opening-hours"
