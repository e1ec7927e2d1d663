"""Whose a row is: the affiliation and language by which figures are filtered."""

from django.db.models import Case, F, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.affiliation import student_condition

STUDENT, EMPLOYEE = "student", "employee"


def affiliation_columns(path: str = "") -> dict[str, Combinable]:
    """Return the annotations `whose` and `speaks` of rows whose account is at `path`; empty text where it is nobody's.

    Students and employees are told apart by `accounts.affiliation`.
    """
    before = f"{path}__" if path else ""
    nobody = [When(**{path: None}, then=Value(""))] if path else []
    return {
        "whose": Case(*nobody, When(student_condition(path), then=Value(STUDENT)), default=Value(EMPLOYEE)),
        "speaks": Coalesce(F(f"{before}language"), Value("")),
    }
