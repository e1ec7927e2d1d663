"""Limits of passwords, codes and mails."""

from django.utils.translation import gettext_lazy as _

from limits.catalogue.listing import DAY, HOUR, limit

_PASSWORDS = _("Wrong passwords have been entered many times")
_USED_UP = _("You must wait before you can log in")
_UNLOCK = _(
    "Wrong codes have been entered too many times today. In a browser that you have used before you may have some "
    "tries left. Otherwise call IT Support: when they have checked who you are, they can unlock your account."
)

PASSWORD_FAILURES_OF_KNOWN_BROWSER = limit(
    "password_known",
    _("Wrong passwords of an account, per known browser"),
    "PASSWORD_FAILURES",
    "PASSWORD_FAILURES_WINDOW",
    "Only that browser can use it up, so failures elsewhere never slow down the owner's usual browser.",
    _PASSWORDS,
)
PASSWORD_FAILURES_OF_NAME_AND_ADDRESS = limit(
    "password_name_address",
    _("Wrong passwords, per username and address"),
    "PASSWORD_FAILURES",
    "PASSWORD_FAILURES_WINDOW",
    "A person makes fewer slips. Above it a human check passes each attempt, so that no one is locked out.",
    _PASSWORDS,
)
PASSWORD_FAILURES_OF_NAME = limit(
    "password_name",
    _("Wrong passwords, per username over all addresses"),
    "PASSWORD_FAILURES_PER_NAME",
    DAY,
    "NIST 800-63B-4 allows 100 in a row. Above it a human check passes each attempt, and the owner is told once.",
    _PASSWORDS,
)
PASSWORD_NAMES_OF_ADDRESS = limit(
    "password_names",
    _("Usernames with a wrong password, per address (IPv6: /64)"),
    "PASSWORD_NAMES_PER_ADDRESS",
    "PASSWORD_FAILURES_WINDOW",
    "A lecture hall makes fewer slips. A list of leaked passwords fails for nearly every name. Right passwords do not "
    "count against it, so an attacker's own account lifts nothing.",
    _PASSWORDS,
)
PASSWORD_LIMITS = (
    PASSWORD_FAILURES_OF_KNOWN_BROWSER,
    PASSWORD_FAILURES_OF_NAME_AND_ADDRESS,
    PASSWORD_FAILURES_OF_NAME,
    PASSWORD_NAMES_OF_ADDRESS,
)
PASSWORD_FAILURE_OF_NAME_SEEN = limit(
    "password_name_seen",
    _("Wrong passwords that count a username for its address"),
    "PASSWORD_NAME_COUNTS",
    "PASSWORD_FAILURES_WINDOW",
    "Each username counts once for the address, however often it fails.",
)
SIGN_INS_BEGUN = limit(
    "sign_ins_begun",
    _("Sign-ins that are begun in a new browser session, per address (IPv6: /64) or known browser"),
    "SIGN_INS_BEGUN",
    "PASSWORD_FAILURES_WINDOW",
    "A lecture hall logs in at one address. Each begun sign-in adds a session, so above it a human check passes each.",
    _("Many people have begun to log in here"),
)
RESET_REQUESTS_OF_ADDRESS = limit(
    "reset_requests",
    _("Requests for a new password, per address (IPv6: /64)"),
    "PASSWORD_RESETS_PER_ADDRESS",
    HOUR,
    "A lecture hall on the first day requests fewer. Above it a human check passes each request.",
    _("New passwords have been requested many times at this address"),
)
RESET_MAILS_OF_ACCOUNT = limit(
    "reset_mails_account",
    _("Emails with a link for a new password, per account name"),
    "PASSWORD_RESET_MAILS_PER_HOUR",
    HOUR,
    "Enough for a user who mistrusts the first mail. More would let anyone flood a mailbox. A link works for as long.",
)
CHECK_WAITS_OF_ADDRESS = limit(
    "check_waits",
    _("Human checks that are passed by waiting, per address (IPv6: /64)"),
    "CHECK_WAITS_PER_ADDRESS",
    "PASSWORD_FAILURES_WINDOW",
    "Waiting costs a machine nothing. Few people have a browser without scripts.",
)
CHECK_USES = limit(
    "check_uses",
    _("Attempts that one human check passes"),
    "CHECK_USES_EACH",
    "SIGN_IN_CHECK_LIFE",
    "The work is done once for each attempt.",
)
CODE_FAILURES_OF_ACCOUNT = limit(
    "code_failures",
    _("Wrong codes, per account over all devices"),
    "CODE_FAILURES_PER_DAY",
    DAY,
    "With the reserve and the next window at most 32 codes are compared in 24 hours. Three codes of an app are right "
    "at a time, so the chance to guess one is under 1 in 10,000. Only somebody with the password can use it up.",
    _USED_UP,
    _UNLOCK,
)
CODE_FAILURES_OF_KNOWN_BROWSERS = limit(
    "code_failures_known",
    _("Wrong codes, per account in known browsers, when the budget of the account is used up"),
    "CODE_FAILURES_KNOWN_PER_DAY",
    DAY,
    "The owner's usual browser goes on when a thief of the password has used up the account's budget.",
    _USED_UP,
    _UNLOCK,
)
NUMBER_SEARCHES_OF_AGENT = limit(
    "number_searches",
    _("Searches by a full phone number, per agent"),
    "NUMBER_SEARCHES_PER_DAY",
    DAY,
    "More than the calls of a busy day. A page shows two of a Danish number's eight digits, and an agent would need 27 "
    "years to guess the hidden six.",
    _("You have searched by so many full numbers today that you cannot search by another"),
    _("Search by a name, an account name or the last two digits."),
)
STAFF_REFUSALS_OF_AGENT = limit(
    "staff_refusals",
    _("Events of pages that are refused to one member of staff"),
    "STAFF_REFUSALS_PER_HOUR",
    HOUR,
    "Far more than mistakes. The log cannot be emptied, so a script of an agent must not fill it. Further refusals are "
    "counted.",
)
NUMBERS_SHOWN_TO_AGENT = limit(
    "numbers_shown",
    _("Numbers that an agent sees in order to call back, per agent"),
    "NUMBERS_SHOWN_PER_DAY",
    DAY,
    "An agent answers about sixty calls a day and calls few people back. More is a collection of numbers.",
)
CALLER_CODE_FAILURES_OF_ACCOUNT = limit(
    "caller_code_failures",
    _("Wrong codes that callers read out to IT Support, per account"),
    "CALLER_CODE_FAILURES_PER_DAY",
    DAY,
    "Whoever calls as somebody else must not guess a code, nor use up the tries with which the owner logs in.",
)
