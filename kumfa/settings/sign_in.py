"""Sign-in, sessions, methods, events, and what owners are told. Every limit has its reason beside it."""

from datetime import timedelta
from hashlib import sha256

from kumfa.settings.base import SECRET_KEY, env

AUTH_USER_MODEL = "accounts.Account"
LOGIN_URL = "sign_in:account_name"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthValidator", "OPTIONS": {"min_length": 12, "max_length": 1024}},
    {"NAME": "accounts.passwords.CommonValidator"},
    {"NAME": "accounts.passwords.ContextValidator"},
]
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", default=365)
# Three mails an hour are enough for who mistrusts the first; more would let anyone flood a mailbox.
PASSWORD_RESET_MAILS_PER_HOUR = 3
STUDENT_DOMAIN = env.str("STUDENT_DOMAIN", default="alumni.ku.dk")
EMPLOYEE_DOMAIN = env.str("EMPLOYEE_DOMAIN", default="ku.dk")
REMEMBER_ME_DAYS = env.int("REMEMBER_ME_DAYS", default=30)  # from the sign-in on; no idle limit
SESSION_LIFE = timedelta(hours=12)  # the longest day at a desk (NIST 800-63B-4, 2.2.3: at most 24 hours)
SESSION_IDLE = timedelta(hours=1)  # a lecture or a lunch; NIST's bound too
STAFF_SESSION_LIFE = timedelta(hours=8)  # a working day: what the admin shows is worth more than a session of one's own
STAFF_SESSION_IDLE = timedelta(minutes=30)  # a call with the screen left alone
# How exactly the last use is known: each note of it is a statement. Who stays has no limit that needs it.
SESSION_SEEN_EVERY = timedelta(minutes=1)
REMEMBERED_SEEN_EVERY = timedelta(hours=1)
# A session that is over opens nothing, but is kept until the next day is through: whoever comes back is told why.
SESSION_KEPT_AFTER_END = timedelta(days=1)
# After enrollment the paper guide signs in with a fresh code (E10). Off: the enrollment's own code signs in.
VERIFY_AFTER_ENROLLMENT = env.bool("VERIFY_AFTER_ENROLLMENT", default=True)
CODE_FAILURES_TO_LOCK = 5  # wrong codes in a row before the first wait: a slip costs nothing
CODE_THROTTLE_MAX = timedelta(minutes=15)  # longer would lock owners out for a stranger's guesses
CODE_FAILURES_TO_DISABLE = 100  # NIST 800-63B-4, 3.2.2
# What an app shows above the code, in every language: apps tell accounts apart by it, so it never changes.
OTP_TOTP_ISSUER = "KU-login"
# Ten fill a sheet that is copied by hand in a few minutes, and see a person through a lost phone and some slips.
RECOVERY_CODES = 10
RECOVERY_SHEETS_PER_DAY = 5  # a printer that jams takes two; each tells the owner by mail and SMS
RECOVERY_CODES_LOW = 3  # unused codes at which the owner is told: enough to log in and make new ones
ACCESS_PASS_LIFE = timedelta(hours=1)  # a call, and the way home to the new phone
ACCESS_PASS_SHORTEST = timedelta(minutes=10)  # what a code by SMS lives: enough for who sits ready to enroll
ACCESS_PASS_LONGEST = timedelta(hours=8)  # a working day: whoever needs more is looked at again
# A sensitive change needs a second factor of the last 20 minutes: what somebody at an unlocked computer has not.
STEP_UP_LIFE = timedelta(minutes=20)
DEVICES_PER_ACCOUNT = 10  # more than a person has phones and apps, and few enough for one page
DEVICE_UNUSED = timedelta(days=180)  # a semester: what was not used in one may be an old phone in a drawer
ACTIVITY_SHOWN = timedelta(days=90)
# Half an hour is what a sign-in takes with a call to IT Support in the middle.
PENDING_SIGN_IN_LIFE = timedelta(minutes=30)
# Hosts besides this one that a sign-in may lead back to.
SIGN_IN_NEXT_HOSTS = env.list("SIGN_IN_NEXT_HOSTS", default=[])
# Ten slips in a quarter of an hour are more than a person makes, and 960 guesses a day are far from enough to guess.
# The limit is per name and address: whoever guesses elsewhere does not lock the owner out.
PASSWORD_FAILURES = 10
PASSWORD_FAILURES_WINDOW = timedelta(minutes=15)
# Five hundred failures in a quarter of an hour slow an address down, unless as many sign-ins succeed there: one address
# may be a whole campus, where slips are a fifth, but whoever tries stolen passwords fails nearly always.
PASSWORD_FAILURES_PER_ADDRESS = env.int("PASSWORD_FAILURES_PER_ADDRESS", default=500)
# Links for new passwords that one address may have sent in an hour; a lecture hall asks for fewer.
PASSWORD_RESETS_PER_ADDRESS = 300

# Mails to owners about their login, and what they answer.
NOTICE_SWEEP_AFTER = timedelta(seconds=30)  # a healthy queue takes milliseconds, a mail server a few seconds
NOTICE_TRIES = 10
# Doubled after each try: the tenth is 17 hours after the first, which is longer than a bad night of a mail server. The
# first must be longer than any mail takes, so that no worker mails what another is still mailing.
NOTICE_PAUSE = timedelta(minutes=2)
NOTICES_TRIED = timedelta(days=7)  # by then a mail tells nothing that its owner has not met
NOTICE_SERVER_REST = timedelta(seconds=30)  # each try to reach a mail server that is gone holds a thread for 10 s
NOTICES_KEPT = timedelta(days=90)  # as long as the numbers in the log of messages
# Reminders of a campaign, by mail.
REMINDERS_FROM_HOUR = 9  # local time: when mail is read, and IT Support answers
REMINDER_BATCH = 200  # mails of one task: some seconds of one thread of the queue "other", which has more to do
REMINDER_TRIES = 5  # of a mail that the server refuses: the fifth is most of an hour after the first
REMINDER_PAUSE = timedelta(minutes=10)  # what greylisting takes
# Any mail is through by then, or its worker was killed: the mail server is given up after 10 s of silence.
REMINDER_MAIL_TAKES = timedelta(minutes=5)
REMINDER_IDLE = timedelta(minutes=5)  # a reminder that did nothing for as long has lost its task
REMINDERS_APART = timedelta(hours=1)  # whoever asks for another one within the hour has pressed twice
# 50,000 account names are 1 MB.
CAMPAIGN_LIST_BYTES = 2 * 1024 * 1024
CAMPAIGN_LIST_ERRORS = 20  # wrong lines that are shown: more are the wrong file
REPORT_LINK_LIFE = timedelta(days=14)  # a holiday; whoever comes later calls, since so much may have changed
# A code lives 10 minutes (ASVS 6.3.5). A clock that was away for longer than the difference misses some.
ABANDONED_AFTER = timedelta(minutes=10)
ABANDONED_UNTIL = timedelta(minutes=30)
ABANDONED_NOTICE_EVERY = timedelta(hours=24)  # people give up often; more mails than that are not read
# Exports of the admin's lists: all accounts, or a busy month of messages. Longer ones would hold a thread of the server
# for minutes, and are a matter for the database.
EXPORT_ROWS_MAX = 100_000
# Files of accounts in the admin.
IMPORT_FILE_MAX = 20 * 1024 * 1024  # bytes; 50,000 accounts take 4 million
IMPORT_ROWS_IN_REQUEST = 1000  # rows that are checked and applied within a second; more go to a worker
IMPORT_EXAMPLES = 50  # accounts that a preview names of each kind of change: a page that somebody reads
IMPORT_ERRORS_SHOWN = 500  # lines; whoever has more has made the file wrongly, and corrects that
# No import takes half as long; what a worker was killed with is handed over again after that.
IMPORT_STUCK_AFTER = timedelta(minutes=5)
IMPORT_GIVEN_UP_AFTER = timedelta(hours=1)  # by then it fails each time, or no worker runs
IMPORTS_KEPT = timedelta(days=7)  # a file that nobody has applied in a week is out of date, and names people
# Under the first key each seal of security events is signed, under all of them seals verify.
EVENT_SEAL_KEYS_CONFIGURED = bool(env.str("EVENT_SEAL_KEYS", default=""))
EVENT_SEAL_KEYS = env.list("EVENT_SEAL_KEYS", default=[sha256(f"event-seal:{SECRET_KEY}".encode()).hexdigest()])
# An id is given before its row is committed; no transaction of ours lasts half as long (an import takes a minute).
EVENT_SETTLE = timedelta(minutes=10)
EVENT_CLIENT_KEPT = timedelta(days=env.int("EVENT_CLIENT_KEPT_DAYS", default=365))

# The overview of the admin. Hours are counted anew while messages of them still end: nearly all do within three, and
# receipts come for two days.
OVERVIEW_RECOUNT = timedelta(hours=3)
OVERVIEW_RECOUNT_LATE = timedelta(hours=48)
OVERVIEW_CATCH_UP = timedelta(days=14)  # of a clock that was away; what is older, `count_figures` counts
OVERVIEW_STALE = timedelta(minutes=15)  # three runs of the task: the page then says that its numbers are old
OVERVIEW_KEPT = timedelta(days=730)  # a semester can be held against the same one of the year before

SUPPORT_PHONE = env.str("SUPPORT_PHONE", default="35 32 32 32")
SUPPORT_HOURS_URL = env.str("SUPPORT_HOURS_URL", default="https://it.ku.dk/")
ACCESSIBILITY_STATEMENT_URL = env.str("ACCESSIBILITY_STATEMENT_URL", default="https://www.was.digst.dk/ku-dk")
PRIVACY_URL = env.str("PRIVACY_URL", default="https://informationssikkerhed.ku.dk/")
