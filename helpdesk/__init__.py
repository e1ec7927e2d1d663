"""Helpdesk actions, approvals and cases in the Django admin."""
