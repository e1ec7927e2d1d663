"""A fictional history of the portal, written with a fixed seed through the portal's own functions.

`cast` defines the people, `network` carries messages, `visits` are sign-ins and enrollments, and `desk` is the staff.
`mishaps` are failures and attacks. `story` schedules all of them, and `filling` writes one deed after another.
"""
