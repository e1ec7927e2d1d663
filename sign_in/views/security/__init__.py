"""The pages of the login methods, sessions and recent activity."""
