"""The help page: its sections, and the facts that its text contains."""

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from common.help_sections import HelpSection
from common.support_hours import support_hours
from sign_in.guide_pictures import pictures


@dataclass(frozen=True)
class Section:
    """One section of the page: its anchor and its heading."""

    anchor: HelpSection
    heading: str | Promise

    @property
    def template(self) -> str:
        return f"sign_in/help/{self.anchor}.html"


SECTIONS = (
    Section(HelpSection.FIRST_TIME_SMS, gettext_lazy("First time: log in with a text message (students)")),
    Section(HelpSection.FIRST_TIME_APP, gettext_lazy("First time: log in with an app (employees)")),
    Section(HelpSection.USERNAME, gettext_lazy("Which username do I use?")),
    Section(HelpSection.NO_SMS, gettext_lazy("I did not get the text message")),
    Section(HelpSection.WRONG_CODE, gettext_lazy("The code is wrong, or I have to wait")),
    Section(HelpSection.NEW_NUMBER, gettext_lazy("I have a new number, and the old one still works")),
    Section(HelpSection.LOST_PHONE, gettext_lazy("I have lost my phone")),
    Section(HelpSection.ACCESS_PASS, gettext_lazy("IT Support has given me an access pass")),
    Section(HelpSection.PASSWORD, gettext_lazy("My password is forgotten or too old")),
    Section(HelpSection.GENUINE, gettext_lazy("Is this email or text message from you?")),
    Section(HelpSection.NOT_ME, gettext_lazy("It was not me")),
    Section(HelpSection.STAY_LOGGED_IN, gettext_lazy("Stay logged in")),
    Section(HelpSection.OPENING_HOURS, gettext_lazy("Call IT Support")),
)


def context() -> dict[str, Any]:
    """Return the template variables of the page."""
    return {
        "sections": SECTIONS,
        "pictures": pictures(),
        "students": settings.STUDENT_DOMAIN,
        "employees": settings.EMPLOYEE_DOMAIN,
        "host": settings.PORTAL_HOST,
        "sms_sender": settings.SMS_SENDER,
        "mail_sender": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        "support_hours": support_hours(),
        "verifies_again": settings.VERIFY_AFTER_ENROLLMENT,
        "tries": settings.SMS_CODE_TRIES,
        "code_minutes": int(settings.SMS_CODE_LIFE.total_seconds() // 60),
        "wait_minutes": int(settings.CODE_THROTTLE_MAX.total_seconds() // 60),
        "stay_days": settings.REMEMBER_ME_DAYS,
        "idle_hours": int(settings.SESSION_IDLE.total_seconds() // 3600),
        "life_hours": int(settings.SESSION_LIFE.total_seconds() // 3600),
        "password_days": settings.PASSWORD_MAX_AGE_DAYS,
    }
