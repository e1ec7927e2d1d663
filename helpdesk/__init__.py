"""What the helpdesk does for people, from the Django admin."""
