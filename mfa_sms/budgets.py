"""The lengths of text messages, in septets. Nothing here needs Django, so that translators' tools can use it."""

# Browsers' autofill of one-time codes accepts no longer message.
CODE_BUDGET = 140
# One message.
NOTICE_BUDGET = 160
# The longest host name in the last line of a message with a code. A longer text would leave less for the host.
LONGEST_HOST = 21
