"""The audit log: the kinds of security events, and the function that writes an event."""
