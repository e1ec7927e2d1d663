"""Whose a row is: the affiliation and language by which figures are filtered."""

from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

STUDENT, EMPLOYEE = "student", "employee"


def whose(path: str = "") -> dict[str, Combinable]:
    """Return the annotations `whose` and `speaks` of rows whose account is at `path`; empty text where it is nobody's.

    Who is both student and employee counts as an employee, and so does all staff, as in `accounts.enrolled`.
    """
    before = f"{path}__" if path else ""
    student = Q(**{f"{before}is_student": True, f"{before}is_employee": False, f"{before}is_staff": False})
    nobody = [When(**{path: None}, then=Value(""))] if path else []
    return {
        "whose": Case(*nobody, When(student, then=Value(STUDENT)), default=Value(EMPLOYEE)),
        "speaks": Coalesce(F(f"{before}language"), Value("")),
    }
