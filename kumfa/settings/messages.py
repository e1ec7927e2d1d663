"""Settings for text messages and their codes. A comment gives the reason for each limit."""

import re
from collections.abc import Iterable
from datetime import timedelta

from kumfa.settings.base import DEBUG, VAR_DIR, derived_keys, env

DANISH_REALM_EU_EEA_CH_GB = (
    "DK FO GL AT BE BG HR CY CZ EE FI FR DE GR HU IS IE IT LV LI LT LU MT NL NO PL PT RO SK SI ES SE CH GB"
)
# The demo's gateways send receipts. With DEBUG off they do not exist, and `kumfa.checks` refuses the file gateway.
_MESSAGES = f"{VAR_DIR}/messages.jsonl"
_DEMO = [f"demo://{_MESSAGES}", f"demo://{_MESSAGES}?name=demo-reserve"]


def gateway_urls(entries: Iterable[str]) -> list[str]:
    """Return the URLs of a list that was split at commas. The commas of `?countries=DK,SE` belong to one URL."""
    urls: list[str] = []
    for entry in (entry.strip() for entry in entries):
        if urls and re.fullmatch(r"[A-Za-z]{2}(&.*)?", entry) and re.search(r"[?&]countries=[A-Za-z,]*$", urls[-1]):
            urls[-1] += f",{entry}"
        else:
            urls.append(entry)
    return urls


SMS_GATEWAYS = gateway_urls(env.list("SMS_GATEWAYS", default=_DEMO if DEBUG else [f"file://{_MESSAGES}"]))
SMS_SENDER = env.str("SMS_SENDER", default="KU-IT")
SMS_CODE_KEYS_CONFIGURED = bool(env.str("SMS_CODE_KEYS", default=""))
SMS_CODE_KEYS = env.list("SMS_CODE_KEYS", default=derived_keys("sms-code"))
SMS_COUNTRIES = [region.upper() for region in env.list("SMS_COUNTRIES", default=DANISH_REALM_EU_EEA_CH_GB.split())]
SMS_HOME_COUNTRIES = ["DK", "FO", "GL"]  # the Danish realm: the caps per country are for all other countries
SMS_CODE_LIFE = timedelta(minutes=10)  # ASVS 6.5.5: at most 10 minutes for a code by SMS
SMS_CODE_TRIES = 5  # the chance to guess a six-digit code within one challenge is 5 in 1,000,000
# Seconds to wait after the first, second and each later unanswered message. Operators deliver most within 30 s.
SMS_WAITS = (30, 60, 120)
SMS_WAIT_MEMORY = timedelta(minutes=30)
SMS_SWEEP_AFTER = timedelta(seconds=3)  # a healthy queue takes milliseconds
SMS_STUCK_AFTER = timedelta(seconds=20)  # a gateway answers within 15 s, or the connection is closed
SMS_UNPROVEN_LOCK_LIFE = timedelta(days=1)  # for a device that was never verified: its owner calls, or waits a day
SMS_SWEEPER_THREADS = 16  # of each worker: they send what is tried again, and everything while the broker is silent
SMS_TRIES = 3  # attempts that may each have cost a message; attempts that were certainly not taken do not count
SMS_NOTICE_LIFE = timedelta(days=1)  # covers a phone that is off overnight
# A circuit opens if this share of the last tries failed, or the last five in a row. With one error in 200, no circuit
# opens in a year at 50 messages per second.
SMS_BREAKER_TRIES = 20
SMS_BREAKER_FAULTS = 0.5
SMS_BREAKER_IN_A_ROW = 5
SMS_BREAKER_REFUSALS = 0.9  # of the last numbers; the numbers that people enter are rarely wrong
SMS_BREAKER_WINDOW = timedelta(minutes=30)  # long enough for 20 tries at night
# Phones that are off are 3 to 10 %. Far fewer deliveries of the last 20 show a gateway that lost them all; 20 points
# fewer of the last 200 than at the other gateways show one that loses some.
SMS_BREAKER_DELIVERED = 0.4
SMS_BREAKER_DELIVERED_LESS = 0.2
SMS_BREAKER_SILENCE = timedelta(minutes=1)  # after which a message should have a receipt; operators take seconds
SMS_BREAKER_TRIAL_EVERY = timedelta(seconds=15)
SMS_BREAKER_SUCCESSES = 3
SMS_RECEIPTS_KEPT = timedelta(days=env.int("SMS_RECEIPTS_KEPT_DAYS", default=30))
SMS_NUMBERS_KEPT = timedelta(days=env.int("SMS_NUMBERS_KEPT_DAYS", default=90))
SMS_CHALLENGES_KEPT = timedelta(days=1)
SMS_ACCOUNTS_PER_NUMBER = 3  # a family shares a phone; a fraudster shares one among many accounts
# Further numbers within 24 hours need a human check. A typo leads to two numbers.
SMS_NUMBERS_BEFORE_CHECK = 2
SMS_CHECK_WAIT = timedelta(seconds=30)  # without a script; tedious for a machine that needs many
SMS_CHECK_COST = 1000  # PBKDF2 rounds per guess; about 800 guesses take a second or two on a phone
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_REGION = "DK"

# The bearer token for /metrics. Without a token the page does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
