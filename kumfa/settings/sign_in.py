"""Settings for sign-in, sessions, methods, events and notices. A comment gives the reason for each limit."""

from datetime import timedelta

from kumfa.settings.base import derived_keys, env

AUTH_USER_MODEL = "accounts.Account"
LOGIN_URL = "sign_in:account_name"
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthValidator", "OPTIONS": {"min_length": 12, "max_length": 1024}},
    {"NAME": "accounts.passwords.CommonValidator"},
    {"NAME": "accounts.passwords.ContextValidator"},
]
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", default=365)
# A user waits for the mail. After this time without a worker, the user has given up.
PASSWORD_RESET_DUE_WITHIN = timedelta(minutes=10)
STUDENT_DOMAIN = env.str("STUDENT_DOMAIN", default="alumni.ku.dk").lower()
EMPLOYEE_DOMAIN = env.str("EMPLOYEE_DOMAIN", default="ku.dk").lower()
REMEMBER_ME_DAYS = env.int("REMEMBER_ME_DAYS", default=30)  # counted from the sign-in; there is no idle limit
SESSION_LIFE = timedelta(hours=12)  # the longest day at a desk (NIST 800-63B-4, 2.2.3: at most 24 hours)
SESSION_IDLE = timedelta(hours=1)  # a lecture or a lunch; also NIST's limit
STAFF_SESSION_LIFE = timedelta(hours=8)  # a working day: the admin shows more than a user's own session does
STAFF_SESSION_IDLE = timedelta(minutes=30)  # a phone call away from the screen
# Resolution of the last use: each update costs a statement. Remembered sessions have no limit that needs it.
SESSION_SEEN_EVERY = timedelta(minutes=1)
REMEMBERED_SEEN_EVERY = timedelta(hours=1)
# An ended session gives no access. It is kept for a day, so that a returning user learns why it ended.
SESSION_KEPT_AFTER_END = timedelta(days=1)
# As in the paper guide, the user signs in with a fresh code after enrollment (E10). If off, the code just entered is
# enough.
VERIFY_AFTER_ENROLLMENT = env.bool("VERIFY_AFTER_ENROLLMENT", default=True)
CODE_FAILURES_TO_LOCK = 5  # wrong codes in a row before the first wait, so that a slip costs nothing
CODE_THROTTLE_MAX = timedelta(minutes=15)  # more would lock owners out because of a stranger's guesses
CODE_FAILURES_TO_DISABLE = 100  # NIST 800-63B-4, 3.2.2
# Apps show this above the code in every language. They identify accounts by it, so it never changes.
OTP_TOTP_ISSUER = "KU-login"
# The first secret encrypts the keys of authenticator apps; all secrets decrypt them.
TOTP_KEY_SECRETS_CONFIGURED = bool(env.str("TOTP_KEY_SECRETS", default=""))
TOTP_KEY_SECRETS = env.list("TOTP_KEY_SECRETS", default=derived_keys("totp-keys"))
# Ten codes can be copied by hand in a few minutes, and last through a lost phone and some slips.
RECOVERY_CODES = 10
RECOVERY_SHEETS_PER_DAY = 5  # a printer that jams takes two; each sheet notifies the owner by mail and SMS
RECOVERY_CODES_LOW = 3  # unused codes at which the owner is notified: enough to log in and make new ones
ACCESS_PASS_LIFE = timedelta(hours=1)  # a call, and the way home to the new phone
ACCESS_PASS_SHORTEST = timedelta(minutes=10)  # as long as a code by SMS: enough for a user who is ready to enroll
ACCESS_PASS_LONGEST = timedelta(hours=8)  # a working day; a user who needs more is checked again
# A sensitive change needs a recent second factor, which an intruder at an unlocked computer does not have.
STEP_UP_LIFE = timedelta(minutes=20)
DEVICES_PER_ACCOUNT = 10  # more phones and apps than a person has, and few enough for one page
DEVICE_UNUSED = timedelta(days=180)  # a semester: a device that was not used in one may be an old phone in a drawer
ACTIVITY_SHOWN = timedelta(days=90)
# Long enough for a sign-in with a call to IT Support in the middle.
PENDING_SIGN_IN_LIFE = timedelta(minutes=30)
# How long a browser stays known to an account after a completed sign-in: a semester, as the remembered name.
KNOWN_BROWSER_LIFE = timedelta(days=180)
# The human check above a limit of passwords: half a minute without scripts, a few seconds of work with them.
SIGN_IN_CHECK_WAIT = timedelta(seconds=30)
SIGN_IN_CHECK_LIFE = timedelta(minutes=15)  # as long as the window of most limits that it passes
SIGN_IN_CHECK_COST = 5000  # PBKDF2 rounds per guess; about 800 guesses take five seconds or so on a phone
# Hosts besides this one to which a sign-in may redirect.
SIGN_IN_NEXT_HOSTS = env.list("SIGN_IN_NEXT_HOSTS", default=[])

# Mails to owners about their login, and the owners' answers.
NOTICE_SWEEP_AFTER = timedelta(seconds=30)  # a healthy queue takes milliseconds, a mail server a few seconds
NOTICE_TRIES = 10
# The pause doubles after each attempt. The tenth attempt is 17 hours after the first, longer than a bad night of a mail
# server. The first pause must be longer than any mail takes, so that two workers never send the same mail.
NOTICE_PAUSE = timedelta(minutes=2)
NOTICES_TRIED = timedelta(days=7)  # after that a mail tells its owner nothing new
NOTICE_SERVER_REST = timedelta(seconds=30)  # each attempt to reach a mail server that is down blocks a thread for 10 s
NOTICES_KEPT = timedelta(days=90)  # as long as numbers stay in the log of messages
# Campaign reminders by mail.
REMINDERS_FROM_HOUR = 9  # local time; people read mail then, and IT Support answers
REMINDER_BATCH = 200  # mails per task: some seconds of one thread of the queue "other", which has more work
REMINDER_TRIES = 5  # attempts for a mail that the server refuses; the fifth is most of an hour after the first
REMINDER_PAUSE = timedelta(minutes=10)  # as long as greylisting takes
# By then every mail is sent or its worker was killed: an attempt ends after 10 s of silence from the mail server.
REMINDER_MAIL_TAKES = timedelta(minutes=5)
REMINDER_IDLE = timedelta(minutes=5)  # a reminder without progress for this long has lost its task
REMINDERS_APART = timedelta(hours=1)  # a second request within the hour is a double click
# 50,000 account names take 1 MB.
CAMPAIGN_LIST_BYTES = 2 * 1024 * 1024
CAMPAIGN_LIST_ERRORS = 20  # invalid lines that are shown; more indicate the wrong file
REPORT_LINK_LIFE = timedelta(days=14)  # a holiday; later users must call, since much may have changed
# A code lives 10 minutes (ASVS 6.3.5). If beat is down for longer than the difference, some abandoned sign-ins are
# missed.
ABANDONED_AFTER = timedelta(minutes=10)
ABANDONED_UNTIL = timedelta(minutes=30)
ABANDONED_NOTICE_EVERY = timedelta(hours=24)  # people give up often, and do not read more mails than that
# Exports of the admin's lists: all accounts, or a busy month of messages. A longer export would block a server thread
# for minutes, and is a task for the database.
EXPORT_ROWS_MAX = 100_000
# Files of accounts uploaded in the admin.
IMPORT_FILE_MAX = 20 * 1024 * 1024  # bytes; 50,000 accounts take 4 million
IMPORT_ROWS_IN_REQUEST = 1000  # rows that are checked and applied within a second; a worker takes larger files
IMPORT_EXAMPLES = 50  # accounts that a preview names per kind of change: one readable page
IMPORT_ERRORS_SHOWN = 500  # lines; more errors than that mean that the file was made wrongly
# No import takes half as long. After this time the import of a killed worker is enqueued again.
IMPORT_STUCK_AFTER = timedelta(minutes=5)
IMPORT_GIVEN_UP_AFTER = timedelta(hours=1)  # by then every attempt fails, or no worker runs
# Missing accounts that imports may deactivate in a day without a confirmation, in percent of the active ones. About 5 %
# leave at once at most (summer graduates). More means a truncated file.
IMPORT_MISSING_PERCENT_MAX = env.int("IMPORT_MISSING_PERCENT_MAX", default=10)
IMPORTS_KEPT = timedelta(days=7)  # a file that was not applied in a week is out of date, and contains personal data
# The first key signs each seal of security events; all keys verify.
EVENT_SEAL_KEYS_CONFIGURED = bool(env.str("EVENT_SEAL_KEYS", default=""))
EVENT_SEAL_KEYS = env.list("EVENT_SEAL_KEYS", default=derived_keys("event-seal"))
# An id is assigned before its row is committed. No transaction of ours lasts half as long (an import takes a minute).
EVENT_SETTLE = timedelta(minutes=10)
EVENT_CLIENT_KEPT = timedelta(days=env.int("EVENT_CLIENT_KEPT_DAYS", default=365))
REFUSAL_COUNTS_KEPT = timedelta(days=90)  # as long as numbers stay in the log of messages; an attack is found sooner

# The overview of the admin. Hours are counted again while their messages may still end. Nearly all messages end within
# three hours, and receipts come for two days.
OVERVIEW_RECOUNT = timedelta(hours=3)
OVERVIEW_RECOUNT_LATE = timedelta(hours=48)
OVERVIEW_CATCH_UP = timedelta(days=14)  # after a time without beat; `count_figures` counts what is older
OVERVIEW_STALE = timedelta(minutes=15)  # three runs of the task; then the page says that its numbers are old
OVERVIEW_KEPT = timedelta(days=730)  # allows comparing a semester with the same one of the year before

SUPPORT_PHONE = env.str("SUPPORT_PHONE", default="35 32 32 32")
# People who cannot log in cannot open pages of the intranet, so the hours are also written on our own pages.
SUPPORT_HOURS = env.str("SUPPORT_HOURS", default="")
SUPPORT_HOURS_URL = env.str(
    "SUPPORT_HOURS_URL", default="https://kunet.ku.dk/oevrige/hjaelp/it/Sider/IT-supportcentre-p%C3%A5-KU.aspx"
)
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="")  # the law asks for a written contact beside the phone number
ACCESSIBILITY_REVIEWED = env.str("ACCESSIBILITY_REVIEWED", default="")  # the day of the last review, such as 2026-11-01
ACCESSIBILITY_STATEMENT_URL = env.str("ACCESSIBILITY_STATEMENT_URL", default="")
PRIVACY_URL = env.str("PRIVACY_URL", default="https://informationssikkerhed.ku.dk/")
