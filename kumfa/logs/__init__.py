"""The log: the fields of a line, redaction, and the reference that a task gets from its request."""
