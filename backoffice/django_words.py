"""Words of Django's own pages for which our catalogues have better translations than Django's."""

from django.utils.translation import gettext_noop, ngettext_lazy

WORDS = (
    # Translators: Django's admin. A button that leads to the user's own login methods.
    gettext_noop("View site"),
    # Translators: Django's admin. A field of an account: it has every right in the admin.
    gettext_noop("superuser status"),
    # Translators: Django's admin. What a screen reader says of the heading of a section.
    gettext_noop("Models in the %(name)s application"),
    # Translators: Django's admin. Above a form.
    ngettext_lazy("Please correct the error below.", "Please correct the errors below.", 1),
)
