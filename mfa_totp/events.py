"""Event reasons that only authenticator apps use."""

from django.utils.translation import gettext_lazy as _

from sign_in.methods.events import CODE_REFUSED

CODE_REFUSED.add_reasons({"used": _("The code had been used before")})
