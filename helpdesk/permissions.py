"""Permissions of the helpdesk. `ActionRecord` declares them."""

from backoffice.roles import ADMINISTRATOR, AUDITOR, HELPDESK, LEAD, grant, restrict_view

UNLOCK_ACCOUNT = grant("helpdesk.unlock_account", HELPDESK, LEAD)
END_SESSIONS = grant("helpdesk.end_sessions", HELPDESK, LEAD)
REMOVE_DEVICE = grant("helpdesk.remove_device", HELPDESK, LEAD)
RESET_ACCOUNT = grant("helpdesk.reset_account", HELPDESK, LEAD)
BLOCK_ACCOUNT = grant("helpdesk.block_account", HELPDESK, LEAD)
REQUIRE_NEW_PASSWORD = grant("helpdesk.require_new_password", HELPDESK, LEAD)
SEND_RESET_MAIL = grant("helpdesk.send_reset_mail", HELPDESK, LEAD)
DEACTIVATE_ACCOUNT = grant("helpdesk.deactivate_account", ADMINISTRATOR)
ADD_NOTE = grant("helpdesk.add_note", HELPDESK, LEAD, ADMINISTRATOR)
TAKE_CALL = grant("helpdesk.take_call", HELPDESK, LEAD)
HANDLE_CASE = grant("helpdesk.handle_case", HELPDESK, LEAD)
ACT_ON_STAFF_ACCOUNTS = grant("helpdesk.act_on_staff_accounts", LEAD)
APPROVE_ACTION = grant("helpdesk.approve_action", LEAD)
VIEW_APPROVAL = "helpdesk.view_approval"
VIEW_CASE = "helpdesk.view_case"
VIEW_ACTION_RECORD = "helpdesk.view_actionrecord"

restrict_view("helpdesk.approval", LEAD, AUDITOR, ADMINISTRATOR)
