"""Limits of text messages: budgets of one party first, then the caps on totals."""

from django.utils.translation import gettext_lazy as _

from limits.catalogue.listing import DAY, HALF_HOUR, HOUR, limit

_NO_CODES = _("We cannot send more codes right now")
_NO_NEW_NUMBERS = _("We cannot send codes to new numbers right now")
_OTHER_METHOD = _("You can use another method if you have one.")
_OTHER_SETUP = _("You can set up another method if your account allows one.")

SMS_ENROLL_OF_ACCOUNT_PER_HALF_HOUR = limit(
    "sms_enroll_half_hour",
    _("Codes to unproven numbers, per account, in half an hour"),
    "SMS_ENROLL_PER_HALF_HOUR",
    HALF_HOUR,
    "Enrollment takes one message. The rest is for typing errors and lost messages.",
    _NO_CODES,
    _OTHER_SETUP,
)
SMS_ENROLL_OF_ACCOUNT_PER_DAY = limit(
    "sms_enroll_day",
    _("Codes to unproven numbers, per account, in a day"),
    "SMS_ENROLL_PER_DAY",
    DAY,
    "Enough for two bad attempts. Each message costs money.",
    _NO_CODES,
    _OTHER_SETUP,
)
SMS_ENROLL_TO_NUMBER_PER_HALF_HOUR = limit(
    "sms_number_half_hour",
    _("Codes to one unproven number, in half an hour"),
    "SMS_ENROLL_PER_HALF_HOUR",
    HALF_HOUR,
    "Several accounts together must not flood a phone. An account's first message in a day is never refused by it.",
    _NO_CODES,
    _OTHER_SETUP,
)
SMS_ENROLL_TO_NUMBER_PER_DAY = limit(
    "sms_number_day",
    _("Codes to one unproven number, in a day"),
    "SMS_ENROLL_PER_DAY",
    DAY,
    "Several accounts together must not flood a phone. An account's first message in a day is never refused by it.",
    _NO_CODES,
    _OTHER_SETUP,
)
SMS_ENROLL_TO_NUMBER_AT_MOST = limit(
    "sms_number_at_most",
    _("Codes to one unproven number, in a day, whichever accounts ask"),
    "SMS_ENROLL_FIRST_PER_DAY",
    DAY,
    "Without it, hundreds of accounts could flood a phone with their first messages. The owner can set up an app.",
    _NO_CODES,
    _OTHER_SETUP,
)
SMS_SIGN_IN_OF_ACCOUNT_PER_HALF_HOUR = limit(
    "sms_sign_in_half_hour",
    _("Codes to proven phones, per account, from browsers that are not known, in half an hour"),
    "SMS_SIGN_IN_PER_HALF_HOUR",
    HALF_HOUR,
    "Needs the account's password. A login takes one message; the rest is for lost messages.",
    _NO_CODES,
    _OTHER_METHOD,
)
SMS_SIGN_IN_OF_ACCOUNT_PER_DAY = limit(
    "sms_sign_in_day",
    _("Codes to proven phones, per account, from browsers that are not known, in a day"),
    "SMS_SIGN_IN_PER_DAY",
    DAY,
    "Needs the account's password. Enough for a busy day; each message costs money.",
    _NO_CODES,
    _OTHER_METHOD,
)
SMS_KNOWN_OF_ACCOUNT_PER_HALF_HOUR = limit(
    "sms_known_half_hour",
    _("Codes to proven phones, per account, from known browsers, in half an hour"),
    "SMS_KNOWN_PER_HALF_HOUR",
    HALF_HOUR,
    "Reserved for browsers that logged in to the account before, so that a thief of the password cannot use it up.",
    _NO_CODES,
    _OTHER_METHOD,
)
SMS_KNOWN_OF_ACCOUNT_PER_DAY = limit(
    "sms_known_day",
    _("Codes to proven phones, per account, from known browsers, in a day"),
    "SMS_KNOWN_PER_DAY",
    DAY,
    "Reserved for browsers that logged in to the account before, so that a thief of the password cannot use it up.",
    _NO_CODES,
    _OTHER_METHOD,
)
SMS_RESERVE_OF_ACCOUNT_PER_HALF_HOUR = limit(
    "sms_reserve_half_hour",
    _("Codes to proven phones above the total, per account and kind of browser, in half an hour"),
    "SMS_RESERVE_PER_HALF_HOUR",
    HALF_HOUR,
    "Logins must go on whatever others do: one code for browsers that are known, one for those that are not.",
    _NO_CODES,
    _OTHER_METHOD,
)
SMS_CALLER_OF_DEVICE_PER_DAY = limit(
    "sms_caller_day",
    _("Codes with which a caller proves who is calling, per phone, in a day"),
    "SMS_CALLER_PER_DAY",
    DAY,
    "A call takes one. IT Support's codes must not use up those of a login.",
    _NO_CODES,
)
SMS_TESTS_OF_DEVICE_PER_DAY = limit(
    "sms_test_day",
    _("Test messages, per phone, in a day"),
    "SMS_TESTS_PER_DAY",
    DAY,
    "More tests say nothing new. Tests must not use up the notices to the owner.",
    _("This number has already had so many messages today that you cannot send a test."),
)
SMS_NOTICES_TO_NUMBER_PER_DAY = limit(
    "sms_notice_day",
    _("Notices by text message, per account and number, in a day"),
    "SMS_NOTICES_PER_DAY",
    DAY,
    "An eleventh says nothing new and costs money. The mail is always sent.",
)
SMS_NOTICES_OF_ACCOUNT_PER_HOUR = limit(
    "sms_notice_hour",
    _("Notices by text message, per account, in an hour"),
    "SMS_NOTICES_OF_ACCOUNT_PER_HOUR",
    HOUR,
    "An account with ten phones made 100 messages in two minutes. Three changes with ten phones are enough.",
)
SMS_ENROLL_OF_ADDRESS_PER_HOUR = limit(
    "sms_enroll_address",
    _("Codes to new numbers, per address (IPv6: /64)"),
    "SMS_ENROLL_PER_ADDRESS_PER_HOUR",
    HOUR,
    "A lecture hall enrolls at one address of the campus.",
    _NO_NEW_NUMBERS,
    _OTHER_SETUP,
    alarms=True,
)
SMS_ENROLL_OF_NETWORK_PER_HOUR = limit(
    "sms_enroll_network",
    _("Codes to new numbers, per network (/24, IPv6: /48)"),
    "SMS_ENROLL_PER_NETWORK_PER_HOUR",
    HOUR,
    "An attacker rents neighboring addresses. The campus has several networks.",
    _NO_NEW_NUMBERS,
    _OTHER_SETUP,
    alarms=True,
)
SMS_ENROLL_TO_PREFIX_PER_HOUR = limit(
    "sms_enroll_prefix",
    _("Codes to new numbers, per prefix (the number without its last four digits)"),
    "SMS_ENROLL_PER_PREFIX_PER_HOUR",
    HOUR,
    "A prefix has 10,000 numbers, so about 10 students. Pumping uses ranges of adjacent numbers.",
    _NO_NEW_NUMBERS,
    _OTHER_SETUP,
    alarms=True,
)
SMS_ENROLL_ABROAD_PER_HOUR = limit(
    "sms_enroll_abroad",
    _("Codes to new numbers, per country outside the Danish realm"),
    "SMS_ENROLL_ABROAD_PER_HOUR",
    HOUR,
    "Few students have a foreign number. Foreign messages cost several times as much.",
    _NO_NEW_NUMBERS,
    _OTHER_SETUP,
    alarms=True,
)
SMS_NOTICES_TO_PREFIX_PER_HOUR = limit(
    "sms_notice_prefix",
    _("Notices by text message, per prefix (the number without its last four digits)"),
    "SMS_NOTICES_PER_PREFIX_PER_HOUR",
    HOUR,
    "Twice the codes to new numbers. The mail is always sent.",
    alarms=True,
)
SMS_NOTICES_ABROAD_PER_HOUR = limit(
    "sms_notice_abroad",
    _("Notices by text message, per country outside the Danish realm"),
    "SMS_NOTICES_ABROAD_PER_HOUR",
    HOUR,
    "Twice the codes to new numbers. The mail is always sent.",
    alarms=True,
)
SMS_SIGN_IN_ABROAD_PER_HOUR = limit(
    "sms_sign_in_abroad",
    _("Codes to proven phones outside the Danish realm, total"),
    "SMS_SIGN_IN_ABROAD_PER_HOUR",
    HOUR,
    "One in fifty of the planned peak. Known browsers count too: foreign numbers bring fraudsters money.",
    _NO_CODES,
    _OTHER_METHOD,
    alarms=True,
)
SMS_ENROLL_PER_HOUR = limit(
    "sms_enroll_total",
    _("Codes to new numbers, total"),
    "SMS_ENROLL_PER_HOUR",
    HOUR,
    "All new students of a year may enroll within an hour of the first lecture.",
    _NO_NEW_NUMBERS,
    _OTHER_SETUP,
    alarms=True,
)
SMS_SIGN_IN_PER_HOUR = limit(
    "sms_sign_in_total",
    _("Codes to proven phones, total"),
    "SMS_SIGN_IN_PER_HOUR",
    HOUR,
    "The planned peak is 90,000. Above it, numbers of the Danish realm use the reserve of their account.",
    _NO_CODES,
    _OTHER_METHOD,
    alarms=True,
)
SMS_NOTICES_PER_HOUR = limit(
    "sms_notice_total",
    _("Notices by text message, total"),
    "SMS_NOTICES_PER_HOUR",
    HOUR,
    "One for each enrollment at half the peak. The mail is always sent.",
    alarms=True,
)
SMS_CALLER_PER_HOUR = limit(
    "sms_caller_total",
    _("Codes with which callers prove who is calling, in all"),
    "SMS_CALLER_PER_HOUR",
    HOUR,
    "Sixty calls a day need a fraction. They have a cap of their own, so that they cannot use up the codes of logins.",
)
SMS_TESTS_PER_HOUR = limit(
    "sms_test_total",
    _("Test messages, in all"),
    "SMS_TESTS_PER_HOUR",
    HOUR,
    "Some for each call of an hour. Tests have a cap of their own, so that they cannot use up the notices to owners.",
    alarms=True,
)
