"""ASVS 16.2.5: even at DEBUG, the log of a request of Entra contains neither its token nor ours."""

from kumfa.tests.log_stream import Lines
from mfa_sms.models import SmsDevice
from tests.entra.conftest import Carrier, answer_of
from tests.entra.standin import User
from tests.test_logs_at_debug import NUMBER, assert_nowhere, lines  # noqa: F401


def test_asvs_16_2_5_a_request_of_entra_and_its_answer(
    carrier: Carrier,
    user: User,
    phone: SmsDevice,
    lines: Lines,  # noqa: F811
) -> None:
    fields = carrier.entra.ask(user)
    carrier.arrive(fields)
    answer = answer_of(carrier.by_sms(phone))
    carrier.post(fields)
    carrier.post({**fields, "id_token_hint": fields["id_token_hint"] + "x"})
    hint = fields["id_token_hint"]
    secrets = (hint, hint.rpartition(".")[2], answer["id_token"], answer["id_token"].rpartition(".")[2])
    assert_nowhere(lines, (*secrets, *carrier.outbox.codes, *NUMBER))
