"""The affiliation and language of a row's account, by which figures are filtered."""

from django.db.models import Case, F, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.affiliation import student_condition

STUDENT, EMPLOYEE = "student", "employee"


def affiliation_columns(path: str = "") -> dict[str, Combinable]:
    """Return the annotations `account_affiliation` and `account_language` for rows with an account at `path`.

    Rows without an account get empty strings. `accounts.affiliation` defines who counts as a student.
    """
    before = f"{path}__" if path else ""
    nobody = [When(**{path: None}, then=Value(""))] if path else []
    return {
        "account_affiliation": Case(
            *nobody, When(student_condition(path), then=Value(STUDENT)), default=Value(EMPLOYEE)
        ),
        "account_language": Coalesce(F(f"{before}language"), Value("")),
    }
