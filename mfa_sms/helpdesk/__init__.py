"""What the helpdesk sees of text messages, and does about them."""
