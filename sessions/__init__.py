"""Sessions in the database, in rows that say who is signed in where, rotated in place.

Django rotates a key by inserting a second row and deleting the first, and asks for each new key whether it is taken.
Here a rotation is one UPDATE of the row, so the old key is dead in the instant in which the new one lives, and two
requests cannot each rotate the same session. A key of 32 random characters is not asked for beforehand: the INSERT
itself fails if it is taken.

`signed_in.py` is what a session knows of its sign-in and when it is over, `rows.py` the table, `rotation.py` the keys,
`database.py` and `cached.py` the two engines, `registry.py` what the rest of the portal calls.
"""
