"""English dates and times where they differ from Django's: one format for tables, the same order as in sentences."""

# The format of every table. Sentences use `common.clock`.
DATETIME_FORMAT = "j M Y H:i"
SHORT_DATETIME_FORMAT = DATETIME_FORMAT
