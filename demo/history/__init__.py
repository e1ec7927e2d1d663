"""Sixty days of a portal's life, made with a fixed seed by the functions that the portal itself is made of.

`cast` says who there is, `network` carries messages, `visits` are sign-ins and enrollments, `desk` is the helpdesk and
the administrator, `mishaps` what goes wrong, `story` puts them on days, and `filling` writes one act after the other.
"""
