"""The sections of the admin's index and sidebar: the work that people do, and not the apps of the code."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Section(TextChoices):
    """One section, by the slug in its address; in the order in which they are shown."""

    HELPDESK = "helpdesk", pgettext_lazy("section of the admin", "Helpdesk")
    MESSAGES = "messages", pgettext_lazy("section of the admin", "Messages")
    CAMPAIGNS = "campaigns", pgettext_lazy("section of the admin", "Campaigns")
    ACCOUNTS = "accounts", pgettext_lazy("section of the admin", "Accounts")
    SERVICES = "services", pgettext_lazy("section of the admin", "Services")
    AUDIT_LOG = "audit-log", pgettext_lazy("section of the admin", "Audit log")
    SETTINGS = "settings", pgettext_lazy("section of the admin", "Settings")
