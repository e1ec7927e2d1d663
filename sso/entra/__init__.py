"""Microsoft Entra external MFA: Entra has checked the password and sends people here for the second factor.

A request is a POST from Entra's page (`requests`). Nothing in it is believed before the tenant's signature on its hint
is right (`hints`, `tenant_keys`); the hint alone says who it is (`linking`). What was asked is a row (`attempts`), the
proof is made on the portal's own pages (`party`), and the answer goes back by a form (`answering`).
"""
