"""The helpdesk's view of text messages, and the actions on them."""
