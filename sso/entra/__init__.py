"""Microsoft Entra external MFA: Entra checks the password and sends people here for the second factor.

A request is a POST from Entra's page (`requests`). No part of it is trusted before the tenant's signature on its hint
is verified (`hints`, `tenant_keys`). Only the hint says who the person is (`linking`). The request is stored as a row
(`attempts`). The portal's own pages verify the second factor (`relying_party`). A form carries the response back
(`response`, `response_page`).
"""
