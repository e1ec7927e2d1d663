"""Permissions of campaigns. Every role may view them, since students ask the helpdesk about their deadline."""

from backoffice.roles import ADMINISTRATOR, grant_edit

VIEW_CAMPAIGN = "campaigns.view_enrollmentcampaign"
CHANGE_CAMPAIGN = "campaigns.change_enrollmentcampaign"

grant_edit("campaigns.enrollmentcampaign", ADMINISTRATOR)
