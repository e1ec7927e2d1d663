"""Permissions of the admin itself, and of the apps below it."""

from accounts.roles import ADMINISTRATOR, AUDITOR, LEAD, grant, grant_edit, restrict_view

EXPORT_LIST = grant("accounts.export_list", LEAD, AUDITOR, ADMINISTRATOR)
VIEW_SECURITY_EVENT = "accounts.view_securityevent"

grant_edit("accounts.methodpolicy", ADMINISTRATOR)
restrict_view("accounts.methodpolicy", AUDITOR, ADMINISTRATOR)
