"""A request of the portal, for a process other than the test's."""

import json
import sys
import time

from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Account
from common.client_info import ClientInfo
from common.references import begin_log_context, new_reference
from mfa_sms import codes, enrollment
from mfa_sms.sending import Queued
from sign_in.pending import PendingSignIn

NUMBER = "+4526123478"


def enroll() -> None:
    """Enter a number for a new student. Print the message's id, code, reference, and duration in seconds."""
    account = Account.objects.create_user("stu123", is_student=True)
    pending = PendingSignIn(
        str(account.account_name),
        time.time(),
        account_id=account.pk,
        auth_hash=account.get_session_auth_hash(),
        browser="a-browser",
    )
    reference = new_reference()
    begin_log_context(reference)
    begin = time.monotonic()
    asked = enrollment.enter_number(pending, PhoneNumber.from_string(NUMBER), ClientInfo())
    seconds = time.monotonic() - begin
    assert isinstance(asked, Queued)
    message = asked.challenge.text_messages.get()
    answer = {"message": message.pk, "code": codes.derive(asked.challenge), "seconds": seconds, "reference": reference}
    sys.stdout.write(f"\n{json.dumps(answer)}\n")
