"""The helpdesk: its calls, its case numbers, and how long things may wait."""

from datetime import timedelta

from kumfa.settings.base import env

# The life of a call. Until it ends, the agent's checks apply to the agent's actions on this account.
CALL_LIFE = timedelta(minutes=30)
# The page with a secret survives a reload for as long as it takes to read the secret out.
HELPDESK_SECRET_SHOWN = timedelta(minutes=5)
# A caller reads a code out within a minute. More wrong ones in a day are guesses: at 10, the chance is 3 in 100,000.
CALLER_CODE_FAILURES_PER_DAY = 10
NUMBERS_SHOWN_PER_DAY = 30
# The form of a case number, as a regular expression for the whole number, and an example for the error message.
CASE_NUMBER_FORMAT = env.str(
    "CASE_NUMBER_FORMAT", default=r"#\d{3,12}|[A-Za-z]{2,8}-?\d{1,12}|[A-Za-z]{2,8}-\d{4}-\d{1,12}"
)
CASE_NUMBER_EXAMPLE = env.str("CASE_NUMBER_EXAMPLE", default="INC0012345")
# After this time the leads are told about an approval without an answer, and about a case that was not taken.
HELPDESK_ALERT_AFTER = timedelta(hours=1)
# Posted fields of a form that a sign-in or a step-up interrupted: for an hour, the newest three, and no huge ones.
KEPT_FORM_LIFE = timedelta(hours=1)
KEPT_FORMS = 3
KEPT_FORM_LENGTH = 50_000
