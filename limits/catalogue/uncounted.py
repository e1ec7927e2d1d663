"""Limits that other apps enforce with rows of their own, such as a challenge or a device. Listed for docs/limits.md."""

from django.utils.translation import gettext_lazy as _

from limits.catalogue.listing import DAY, HOUR, limit

_TOO_OFTEN = _("You must wait before you can log in")
_LOCKED = _("This login method is locked")
_CALL = _("If you have another login method, use that. Otherwise call IT Support.")

CODE_TRIES = limit(
    "code_tries",
    _("Wrong codes by text message, per challenge"),
    "SMS_CODE_TRIES",
    "SMS_CODE_LIFE",
    "The chance to guess a code of six digits within one challenge is 5 in 1,000,000.",
    _("The code has expired. Ask for a new one."),
    counted=False,
)
SMS_PUMPING_NUMBERS = limit(
    "sms_pumping",
    _("New numbers of a prefix whose codes are not entered"),
    "SMS_PUMPING_NUMBERS",
    HOUR,
    "Students enter most codes. The prefix is then blocked for new numbers until IT Support lifts the block.",
    _("We cannot send codes to this number"),
    counted=False,
)
RESEND_GAP = limit(
    "resend_gap",
    _("Codes by text message to a phone before the next wait"),
    "SMS_MESSAGES_BEFORE_WAIT",
    None,
    "After each message without an answer the wait is longer, see `SMS_WAITS`. Operators deliver most within 30 s.",
    _("We cannot send more codes right now"),
    counted=False,
)
CODE_FAILURES_IN_A_ROW = limit(
    "code_failures_wait",
    _("Wrong codes in a row before the first wait, per device"),
    "CODE_FAILURES_TO_LOCK",
    None,
    "A slip costs nothing. The waits that follow double, up to `CODE_THROTTLE_MAX`.",
    _TOO_OFTEN,
    counted=False,
)
CODE_FAILURES_TO_DISABLE = limit(
    "code_failures_lock",
    _("Wrong codes in a row that lock a device"),
    "CODE_FAILURES_TO_DISABLE",
    None,
    "NIST 800-63B-4, 3.2.2.",
    _LOCKED,
    _CALL,
    counted=False,
)
RECOVERY_SHEETS = limit(
    "recovery_sheets_day",
    _("Sets of recovery codes, per account, in a day"),
    "RECOVERY_SHEETS_PER_DAY",
    DAY,
    "A printer that jams takes two. Each sheet notifies the owner by mail and text message.",
    _("You have made recovery codes too many times today"),
    counted=False,
)
DEVICES_OF_ACCOUNT = limit(
    "devices_account",
    _("Login methods of an account"),
    "DEVICES_PER_ACCOUNT",
    None,
    "More phones and apps than a person has, and few enough for one page.",
    _("You have many login methods"),
    counted=False,
)
ACCOUNTS_OF_NUMBER = limit(
    "accounts_number",
    _("Accounts that use one number"),
    "SMS_ACCOUNTS_PER_NUMBER",
    None,
    "A family shares a phone. A fraudster shares one among many accounts.",
    _("We cannot send codes to this number"),
    counted=False,
)
NUMBERS_BEFORE_CHECK = limit(
    "numbers_before_check",
    _("New numbers of an account in a day without the human check"),
    "SMS_NUMBERS_BEFORE_CHECK",
    DAY,
    "A typing error leads to two numbers.",
    counted=False,
)
CODE_FAILURES_BEFORE_NOTICE = limit(
    "code_failures_notice",
    _("Wrong codes of an account before the user is told"),
    "CODE_FAILURES_BEFORE_NOTICE",
    DAY,
    "Fewer are slips. Somebody who enters as many has the password, so the owner must choose a new one.",
    counted=False,
)
