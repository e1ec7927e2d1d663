"""The paper guide in Danish, with its exact buttons."""

from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.guide import enroll, sign_in
from tests.browser.people import Student
from tests.interface import in_da


def test_a_student_enrolls_signs_out_and_signs_in(visit: MakeVisitor, guide: MakeGuide, student: Student) -> None:
    visitor = visit()
    steps = guide(student, visitor)
    enroll(steps)
    steps.sign_out()
    sign_in(steps)
    assert steps.phone.asked_for == 3


def test_the_name_is_forgotten_by_who_answers_no(visit: MakeVisitor, guide: MakeGuide, enrolled: Student) -> None:
    steps = guide(enrolled, visit())
    steps.to_choice()
    steps.choose()
    steps.sign_in_code()
    steps.stay(in_da("No"))
    steps.sign_out()
    steps.begin()
    steps.account_name(remembered=False)
