"""The numbers of limits. The reason for each is in `limits.catalogue`, and so in docs/limits.md."""

from datetime import timedelta

from kumfa.settings.base import env

# The people who get a mail when a limit on a total is nearly or quite used up.
OPERATOR_EMAILS = env.list("OPERATOR_EMAILS", default=[])

SMS_MESSAGES_BEFORE_WAIT = 1
# Codes by SMS to a number that is not proven yet.
SMS_ENROLL_PER_HALF_HOUR = 5
SMS_ENROLL_PER_DAY = 10
SMS_ENROLL_FIRST_PER_DAY = 30
# Codes by SMS to a proven device: for any browser that has the password, and for a browser that is known.
SMS_SIGN_IN_PER_HALF_HOUR = 5
SMS_SIGN_IN_PER_DAY = 10
SMS_KNOWN_PER_HALF_HOUR = 5
SMS_KNOWN_PER_DAY = 10
SMS_RESERVE_PER_HALF_HOUR = 1
# Codes by SMS with which a caller proves to IT Support who is calling, and test messages.
SMS_CALLER_PER_DAY = 5
SMS_CALLER_PER_HOUR = 200
SMS_TESTS_PER_DAY = 10
SMS_TESTS_PER_HOUR = 200
SMS_NOTICES_PER_DAY = 10
SMS_NOTICES_OF_ACCOUNT_PER_HOUR = 30

# A prefix is blocked for new numbers if, within an hour, at least this number of its phone numbers got a code, at least
# this share of them entered none, and the share is at least this multiple of the usual one. On a day when the usual
# share is a half, nothing is blocked.
SMS_PUMPING_NUMBERS = 8
SMS_PUMPING_SHARE = 0.9
SMS_PUMPING_TIMES = 2

# The hourly caps of text messages: enrollment and notices by prefix, country and in all; enrollment also by address.
SMS_ENROLL_PER_HOUR = env.int("SMS_ENROLL_PER_HOUR", default=10_000)
SMS_ENROLL_ABROAD_PER_HOUR = env.int("SMS_ENROLL_ABROAD_PER_HOUR", default=50)
SMS_ENROLL_PER_PREFIX_PER_HOUR = env.int("SMS_ENROLL_PER_PREFIX_PER_HOUR", default=20)
SMS_ENROLL_PER_ADDRESS_PER_HOUR = env.int("SMS_ENROLL_PER_ADDRESS_PER_HOUR", default=500)
SMS_ENROLL_PER_NETWORK_PER_HOUR = env.int("SMS_ENROLL_PER_NETWORK_PER_HOUR", default=1_500)
SMS_SIGN_IN_PER_HOUR = env.int("SMS_SIGN_IN_PER_HOUR", default=100_000)
SMS_SIGN_IN_ABROAD_PER_HOUR = env.int("SMS_SIGN_IN_ABROAD_PER_HOUR", default=2_000)
SMS_NOTICES_PER_HOUR = env.int("SMS_NOTICES_PER_HOUR", default=5_000)
SMS_NOTICES_ABROAD_PER_HOUR = env.int("SMS_NOTICES_ABROAD_PER_HOUR", default=100)
SMS_NOTICES_PER_PREFIX_PER_HOUR = env.int("SMS_NOTICES_PER_PREFIX_PER_HOUR", default=40)

# The assumed price of a text message in DKK, for the table in docs/limits.md: the dearest of the offers for each.
SMS_PRICE_AT_HOME = 0.35
SMS_PRICE_ABROAD = 1.20
# Searches of one agent for the owner of a full phone number.
NUMBER_SEARCHES_PER_DAY = 100
# Events of pages that are refused to one member of staff.
STAFF_REFUSALS_PER_HOUR = 200

# Passwords. Above these limits a human check passes each attempt.
PASSWORD_FAILURES = 10
PASSWORD_FAILURES_WINDOW = timedelta(minutes=15)
PASSWORD_FAILURES_PER_NAME = 50
PASSWORD_NAMES_PER_ADDRESS = env.int("PASSWORD_NAMES_PER_ADDRESS", default=100)
PASSWORD_NAME_COUNTS = 1
PASSWORD_RESETS_PER_ADDRESS = env.int("PASSWORD_RESETS_PER_ADDRESS", default=300)
PASSWORD_RESET_MAILS_PER_HOUR = 3
CHECK_WAITS_PER_ADDRESS = 60
# Sign-ins that are begun with an account name, each of which adds a session.
SIGN_INS_BEGUN = env.int("SIGN_INS_BEGUN_PER_ADDRESS", default=600)
CHECK_USES_EACH = 1
# Wrong codes of an account. The notice comes early enough for the owner to act.
CODE_FAILURES_PER_DAY = 12
CODE_FAILURES_KNOWN_PER_DAY = 4
CODE_FAILURES_BEFORE_NOTICE = 10
