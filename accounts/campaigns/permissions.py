"""Permissions of campaigns. Every role sees them, since students ask the helpdesk for their deadline."""

from accounts.roles import ADMINISTRATOR, grant_edit

VIEW_CAMPAIGN = "accounts.view_enrollmentcampaign"
CHANGE_CAMPAIGN = "accounts.change_enrollmentcampaign"

grant_edit("accounts.enrollmentcampaign", ADMINISTRATOR)
