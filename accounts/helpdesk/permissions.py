"""Permissions of the helpdesk. `AgentAct` declares them."""

from accounts.roles import ADMINISTRATOR, AUDITOR, HELPDESK, LEAD, grant, restrict_view

UNLOCK_ACCOUNT = grant("accounts.unlock_account", HELPDESK, LEAD)
END_SESSIONS = grant("accounts.end_sessions", HELPDESK, LEAD)
REMOVE_DEVICE = grant("accounts.remove_device", HELPDESK, LEAD)
RESET_ACCOUNT = grant("accounts.reset_account", HELPDESK, LEAD)
HANDLE_CASE = grant("accounts.handle_case", HELPDESK, LEAD)
ACT_ON_STAFF = grant("accounts.act_on_staff", LEAD)
APPROVE_ACT = grant("accounts.approve_act", LEAD)
VIEW_APPROVAL = "accounts.view_approval"
VIEW_CASE = "accounts.view_case"

restrict_view("accounts.approval", LEAD, AUDITOR, ADMINISTRATOR)
