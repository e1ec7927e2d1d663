"""The condition for enrolled accounts in the database. `methods.standing` checks a single account."""

from django.db.models import Exists, OuterRef, Q

from accounts.affiliation import student_condition
from sign_in import methods


def enrolled_condition() -> Q:
    """Return the condition for accounts with a method that they may use, locked or not. Backups do not count.

    Must agree with `Standing.enrolled`.
    """
    found = Q(pk__in=[])
    for method in methods.all_methods():
        if not method.backup:
            found |= _of(method)
    return found


def _of(method: methods.Method) -> Q:
    """Return the condition for accounts that have a device of the method and may use it."""
    audience = method.audience
    if audience.students and audience.employees:
        who = Q()
    elif audience.students:
        who = student_condition()
    elif audience.employees:
        who = ~student_condition()
    else:
        return Q(pk__in=[])
    has = Q()
    for model in method.models:
        has |= Q(Exists(model._default_manager.filter(user=OuterRef("pk"), confirmed=True)))
    return who & has if method.models else Q(pk__in=[])
