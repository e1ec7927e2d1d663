"""The rule that decides who counts as a student: for one account, and as a condition of the database."""

from django.db.models import Q

from accounts.models import Account

# A person who is both student and employee counts as an employee (guide, R4), and so do all staff.
_STUDENT = {"is_student": True, "is_employee": False, "is_staff": False}


def counts_as_student(account: Account) -> bool:
    """Whether the account counts as a student; otherwise it counts as an employee."""
    return all(getattr(account, field) == value for field, value in _STUDENT.items())


def student_condition(path: str = "") -> Q:
    """Return the condition of rows whose account, at the lookup `path`, counts as a student."""
    prefix = f"{path}__" if path else ""
    return Q(**{f"{prefix}{field}": value for field, value in _STUDENT.items()})
