"""The rule for who counts as a student: for one account, and as a database condition."""

from django.db.models import Q

from accounts.models import Account

# A person who is both student and employee counts as an employee (guide, R4). All staff count as employees too.
_STUDENT = {"is_student": True, "is_employee": False, "is_staff": False}


def counts_as_student(account: Account) -> bool:
    """Return whether the account counts as a student. Otherwise it counts as an employee."""
    return all(getattr(account, field) == value for field, value in _STUDENT.items())


def student_condition(path: str = "") -> Q:
    """Return a condition for rows whose account counts as a student. `path` is the lookup path to the account."""
    prefix = f"{path}__" if path else ""
    return Q(**{f"{prefix}{field}": value for field, value in _STUDENT.items()})
