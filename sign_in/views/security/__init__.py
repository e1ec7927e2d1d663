"""The page of login methods and what hangs on it."""
