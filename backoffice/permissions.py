"""Permissions of the admin itself and of the apps below this one."""

from backoffice.roles import ADMINISTRATOR, AUDITOR, LEAD, grant, grant_edit, restrict_view

EXPORT_LIST = grant("accounts.export_list", LEAD, AUDITOR, ADMINISTRATOR)
ASSIGN_ROLE = grant("accounts.assign_role", ADMINISTRATOR)
VIEW_SECURITY_EVENT = "audit.view_securityevent"

grant_edit("sign_in.methodpolicy", ADMINISTRATOR)
grant_edit("notices.banner", ADMINISTRATOR)
restrict_view("sign_in.methodpolicy", AUDITOR, ADMINISTRATOR)
