"""The sections of the admin's index and sidebar. They follow people's work instead of the apps."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Section(TextChoices):
    """A section, with the slug in its URL as value. Pages show them in this order."""

    HELPDESK = "helpdesk", pgettext_lazy("section of the admin", "Helpdesk")
    MESSAGES = "messages", pgettext_lazy("section of the admin", "Messages")
    CAMPAIGNS = "campaigns", pgettext_lazy("section of the admin", "Campaigns")
    ACCOUNTS = "accounts", pgettext_lazy("section of the admin", "Accounts")
    SERVICES = "services", pgettext_lazy("section of the admin", "Services")
    AUDIT_LOG = "audit-log", pgettext_lazy("section of the admin", "Audit log")
    SETTINGS = "settings", pgettext_lazy("section of the admin", "Settings")
