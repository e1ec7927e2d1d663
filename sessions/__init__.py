"""Sessions in the database, with rows that record the account, and with keys that are rotated in place.

Django rotates a key by inserting a second row and deleting the first. It also queries whether each new key is taken.
Here a rotation is one UPDATE of the row. The old key stops working at the moment the new one starts, and two requests
cannot both rotate the same session. A key of 32 random characters needs no query: the INSERT fails if it is taken.

- `signed_in.py`: the sign-in data of a session, and its limits.
- `rows.py`: the table.
- `rotation.py`: the keys.
- `database.py` and `cached.py`: the two engines.
- `registry.py`: the functions for other apps.
"""
