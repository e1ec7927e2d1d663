"""The table of every URL outside the admin: what it does for each visitor.

`kumfa.tests.who_may_what` has the table of the admin.

The visitors: a stranger, a browser that knows only the password of an account with a login method or of an account with
none, a signed-in student and a signed-in employee. Staff are treated as employees here, whatever their role.

A cell is the status of the response, or the place to which it redirects. Device pages are those of the student's phone.
The authorization request of `sso:authorize` is a valid one. The arguments of other URLs fit nothing.
"""

from sso.tests.oidc.service import REDIRECT_URI

GET = """
                           | anonymous  | password, method | password, none | student    | employee
sign_in:home               | sign-in    | verify           | verify         | security   | security
sign_in:account_name       | 200        | 200              | 200            | 409        | 409
sign_in:password           | sign-in    | 200              | 200            | 409        | 409
sign_in:verify             | sign-in    | 200              | enroll         | 409        | 409
sign_in:remember_me        | home       | home             | home           | home       | home
sign_in:sign_out           | 200        | 200              | 200            | 200        | 200
sign_in:signed_out         | 200        | 200              | 200            | 200        | 200
sign_in:enroll             | sign-in    | 409              | 200            | 409        | 409
sign_in:enroll_methods     | sign-in    | 409              | 200            | 409        | 409
sign_in:enrolled           | sign-in    | verify           | verify         | 409        | 409
sign_in:password_forgotten | 200        | 200              | 200            | 200        | 200
sign_in:password_too_old   | 200        | 200              | 200            | 200        | 200
sign_in:password_sent      | 200        | 200              | 200            | 200        | 200
sign_in:password_new       | 200        | 200              | 200            | 200        | 200
sign_in:password_changed   | 200        | 200              | 200            | 200        | 200
sign_in:security_info      | sign-in    | sign-in          | sign-in        | 200        | 200
sign_in:activity           | sign-in    | sign-in          | sign-in        | 200        | 200
sign_in:end_session        | sign-in    | sign-in          | sign-in        | security   | security
sign_in:end_other_sessions | sign-in    | sign-in          | sign-in        | 200        | 200
sign_in:device_add         | sign-in    | sign-in          | sign-in        | 200        | 200
sign_in:security_changed   | sign-in    | sign-in          | sign-in        | 200        | 200
sign_in:device_change      | sign-in    | sign-in          | sign-in        | 200        | 404
sign_in:device_remove      | sign-in    | sign-in          | sign-in        | 409        | 404
sign_in:device_first       | sign-in    | sign-in          | sign-in        | 200        | 404
sign_in:device_name        | sign-in    | sign-in          | sign-in        | 200        | 404
sign_in:help               | 200        | 200              | 200            | 200        | 200
sign_in:accessibility      | 200        | 200              | 200            | 200        | 200
sign_in:was                | statement  | statement        | statement      | statement  | statement
sign_in:privacy            | 200        | 200              | 200            | 200        | 200
notices:report             | 404        | 404              | 404            | 404        | 404
campaigns:not_now          | sign-in    | sign-in          | sign-in        | 409        | 409
metrics                    | 404        | 404              | 404            | 404        | 404
mfa_sms:receipts           | 404        | 404              | 404            | 404        | 404
mfa_sms:send               | verify     | verify           | verify         | 409        | 409
mfa_sms:code               | sign-in    | verify           | verify         | 409        | 409
mfa_sms:code_status        | 200        | 200              | 200            | 200        | 200
mfa_sms:phone              | sign-in    | 409              | 200            | 409        | 409
mfa_sms:phone_check        | sign-in    | 409              | phone          | 409        | 409
mfa_sms:phone_send         | phone code | phone code       | phone code     | 409        | 409
mfa_sms:phone_code         | sign-in    | 409              | phone          | 409        | 409
mfa_sms:phone_code_status  | 200        | 200              | 200            | 200        | 200
mfa_totp:choose            | verify     | verify           | verify         | 409        | 409
mfa_totp:code              | sign-in    | verify           | verify         | 409        | 409
mfa_totp:enroll            | sign-in    | 409              | 200            | 409        | 409
mfa_recovery:codes         | sign-in    | sign-in          | sign-in        | 200        | 200
mfa_recovery:verify        | sign-in    | verify           | verify         | 409        | 409
mfa_pass:verify            | sign-in    | verify           | verify         | 409        | 409
sso:discovery              | 200        | 200              | 200            | 200        | 200
sso:jwks                   | 200        | 200              | 200            | 200        | 200
sso:authorize              | sign-in    | sign-in          | sign-in        | service    | service
sso:onward                 | 200        | 200              | 200            | 200        | 200
sso:token                  | 405        | 405              | 405            | 405        | 405
sso:userinfo               | 401        | 401              | 401            | 401        | 401
sso:revoke                 | 405        | 405              | 405            | 405        | 405
sso:introspect             | 405        | 405              | 405            | 405        | 405
sso:logout                 | signed out | signed out       | signed out     | 200        | 200
sso:entra_configuration    | 200        | 200              | 200            | 200        | 200
sso:entra_jwks             | 200        | 200              | 200            | 200        | 200
sso:entra_authorize        | 405        | 405              | 405            | 405        | 405
sso:entra_refused          | 409        | 409              | 409            | 409        | 409
sso:entra_attempt          | 409        | 409              | 409            | 409        | 409
words:index                | sign-in    | sign-in          | sign-in        | 403        | 403
words:texts                | sign-in    | sign-in          | sign-in        | 403        | 403
words:section              | sign-in    | sign-in          | sign-in        | 403        | 403
words:show                 | sign-in    | sign-in          | sign-in        | 403        | 403
healthz                    | 200        | 200              | 200            | 200        | 200
readyz                     | 200        | 200              | 200            | 200        | 200
demo:inbox                 | 200        | 200              | 200            | 200        | 200
demo:static_code           | sign-in    | verify           | verify         | 409        | 409
"""

# With an empty body.
POST = """
                           | anonymous  | password, method | password, none | student    | employee
sign_in:home               | 405        | 405              | 405            | 405        | 405
sign_in:account_name       | 200        | 200              | 200            | 409        | 409
sign_in:password           | 409        | 200              | 200            | 409        | 409
sign_in:verify             | 405        | 405              | 405            | 405        | 405
sign_in:remember_me        | home       | home             | home           | home       | home
sign_in:sign_out           | signed out | signed out       | signed out     | signed out | signed out
sign_in:signed_out         | 405        | 405              | 405            | 405        | 405
sign_in:enroll             | 405        | 405              | 405            | 405        | 405
sign_in:enroll_methods     | 405        | 405              | 405            | 405        | 405
sign_in:enrolled           | 409        | verify           | verify         | 409        | 409
sign_in:password_forgotten | 200        | 200              | 200            | 200        | 200
sign_in:password_too_old   | 405        | 405              | 405            | 405        | 405
sign_in:password_sent      | 405        | 405              | 405            | 405        | 405
sign_in:password_new       | 200        | 200              | 200            | 200        | 200
sign_in:password_changed   | 405        | 405              | 405            | 405        | 405
sign_in:security_info      | 405        | 405              | 405            | 405        | 405
sign_in:activity           | 405        | 405              | 405            | 405        | 405
sign_in:end_session        | sign-in    | sign-in          | sign-in        | security   | security
sign_in:end_other_sessions | sign-in    | sign-in          | sign-in        | security   | security
sign_in:device_add         | sign-in    | sign-in          | sign-in        | methods    | methods
sign_in:security_changed   | 405        | 405              | 405            | 405        | 405
sign_in:device_change      | sign-in    | sign-in          | sign-in        | phone      | 404
sign_in:device_remove      | sign-in    | sign-in          | sign-in        | 409        | 404
sign_in:device_first       | sign-in    | sign-in          | sign-in        | security   | 404
sign_in:device_name        | sign-in    | sign-in          | sign-in        | security   | 404
sign_in:help               | 405        | 405              | 405            | 405        | 405
sign_in:accessibility      | 405        | 405              | 405            | 405        | 405
sign_in:was                | 405        | 405              | 405            | 405        | 405
sign_in:privacy            | 405        | 405              | 405            | 405        | 405
notices:report             | 404        | 404              | 404            | 404        | 404
campaigns:not_now          | 409        | 409              | 403            | 409        | 409
metrics                    | 405        | 405              | 405            | 405        | 405
mfa_sms:receipts           | 404        | 404              | 404            | 404        | 404
mfa_sms:send               | 409        | verify           | verify         | 409        | 409
mfa_sms:code               | 409        | verify           | verify         | 409        | 409
mfa_sms:code_status        | 405        | 405              | 405            | 405        | 405
mfa_sms:phone              | 409        | 409              | 200            | 409        | 409
mfa_sms:phone_check        | 409        | 409              | phone          | 409        | 409
mfa_sms:phone_send         | 409        | 409              | phone          | 409        | 409
mfa_sms:phone_code         | 409        | 409              | phone          | 409        | 409
mfa_sms:phone_code_status  | 405        | 405              | 405            | 405        | 405
mfa_totp:choose            | 409        | verify           | verify         | 409        | 409
mfa_totp:code              | 409        | verify           | verify         | 409        | 409
mfa_totp:enroll            | 409        | 409              | 200            | 409        | 409
mfa_recovery:codes         | sign-in    | sign-in          | sign-in        | codes      | codes
mfa_recovery:verify        | 409        | verify           | verify         | 409        | 409
mfa_pass:verify            | 409        | verify           | verify         | 409        | 409
sso:discovery              | 405        | 405              | 405            | 405        | 405
sso:jwks                   | 405        | 405              | 405            | 405        | 405
sso:authorize              | authorize  | authorize        | authorize      | authorize  | authorize
sso:onward                 | 405        | 405              | 405            | 405        | 405
sso:token                  | 400        | 400              | 400            | 400        | 400
sso:userinfo               | 401        | 401              | 401            | 401        | 401
sso:revoke                 | 400        | 400              | 400            | 400        | 400
sso:introspect             | 401        | 401              | 401            | 401        | 401
sso:logout                 | logout     | logout           | logout         | logout     | logout
sso:entra_configuration    | 405        | 405              | 405            | 405        | 405
sso:entra_jwks             | 405        | 405              | 405            | 405        | 405
sso:entra_authorize        | refused    | refused          | refused        | refused    | refused
sso:entra_refused          | 405        | 405              | 405            | 405        | 405
sso:entra_attempt          | 409        | 409              | 409            | 409        | 409
words:index                | 405        | 405              | 405            | 405        | 405
words:texts                | 405        | 405              | 405            | 405        | 405
words:section              | 405        | 405              | 405            | 405        | 405
words:show                 | 405        | 405              | 405            | 405        | 405
healthz                    | 405        | 405              | 405            | 405        | 405
readyz                     | 405        | 405              | 405            | 405        | 405
demo:inbox                 | 405        | 405              | 405            | 405        | 405
demo:static_code           | 409        | verify           | verify         | 409        | 409
"""

# The places, by their names in the tables.
DESTINATIONS = {
    "sign-in": "sign_in:account_name",
    "verify": "sign_in:verify",
    "enroll": "sign_in:enroll",
    "methods": "sign_in:enroll_methods",
    "phone": "mfa_sms:phone",
    "phone code": "mfa_sms:phone_code",
    "home": "sign_in:home",
    "security": "sign_in:security_info",
    "codes": "mfa_recovery:codes",
    "signed out": "sign_in:signed_out",
    "refused": "sso:entra_refused",
    "authorize": "sso:authorize",
    "logout": "sso:logout",
    "statement": "sign_in:accessibility",
    "service": REDIRECT_URI,
}


def _read(text: str) -> dict[str, dict[str, str]]:
    head, *lines = text.strip("\n").splitlines()
    visitors = [name.strip() for name in head.split("|")[1:]]
    rows: dict[str, dict[str, str]] = {}
    for line in lines:
        name, *cells = (cell.strip() for cell in line.split("|"))
        assert name not in rows, name
        rows[name] = dict(zip(visitors, cells, strict=True))
    return rows


# By method, URL name and visitor.
TABLE = {"get": _read(GET), "post": _read(POST)}
