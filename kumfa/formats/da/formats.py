"""Danish dates and times where they differ from Django's: one format for tables, and times as Danes type them."""

# The format of every table. Sentences use `common.clock`.
DATETIME_FORMAT = "d.m.Y H:i"
SHORT_DATETIME_FORMAT = DATETIME_FORMAT

# The first format fills in forms. A full stop between hours and minutes is the Danish way; "kl." comes from the texts.
TIME_INPUT_FORMATS = [
    "%H:%M:%S",
    "%H:%M",
    "%H.%M",
    "%H.%M.%S",
    "kl. %H.%M",
    "kl. %H:%M",
    "%H",
]
DATETIME_INPUT_FORMATS = [
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H.%M",
    "%d.%m.%Y %H.%M.%S",
    "%d.%m.%Y kl. %H.%M",
    "%d.%m.%Y",
]
