"""The paper guide in a browser without scripts."""

from tests.browser.conftest import MakeGuide, MakeVisitor
from tests.browser.guide import enroll, sign_in
from tests.browser.people import Student


def test_a_student_enrolls_signs_out_and_signs_in(visit: MakeVisitor, guide: MakeGuide, student: Student) -> None:
    visitor = visit(javascript=False)
    steps = guide(student, visitor)
    enroll(steps)
    steps.sign_out()
    sign_in(steps)
    assert steps.phone.asked_for == 3
