"""Permissions of text messages and gateways. `SmsDevice`, `TextMessage` and `GatewayState` declare them."""

from backoffice.roles import ADMINISTRATOR, HELPDESK, LEAD, grant

SEND_TEST_MESSAGE = grant("mfa_sms.send_test_message", HELPDESK, LEAD)
REGISTER_NUMBER = grant("mfa_sms.register_number", HELPDESK, LEAD)
VIEW_FULL_NUMBER = grant("mfa_sms.view_full_number", LEAD)
SEARCH_BY_NUMBER = grant("mfa_sms.search_by_number", HELPDESK, LEAD)
CALL_BACK = grant("mfa_sms.call_back", HELPDESK, LEAD)
DISABLE_GATEWAY = grant("mfa_sms.disable_gateway", ADMINISTRATOR)
LIFT_PREFIX_BLOCK = grant("mfa_sms.lift_prefixblock", HELPDESK, LEAD, ADMINISTRATOR)
VIEW_TEXT_MESSAGE = "mfa_sms.view_textmessage"
