"""The documented configuration and answers of each HTTP gateway. A new gateway adds one case."""

from __future__ import annotations

from dataclasses import dataclass

from mfa_sms import gateways
from mfa_sms.gateways import Gateway, GatewayFault, OutgoingMessage
from mfa_sms.tests.gateways.provider import Says

NUMBER = "+4526123478"
CODE = "738291"
TEXT = f"{CODE} er din engangskode. Æblegrød på en ø: {{[~]}} € & 100 % + mere?\n@sms-login.ku.dk #{CODE}"
SECRETS = ("s3cret", "t0ken", "w3bhook", NUMBER, NUMBER[1:], NUMBER[3:], CODE, "engangskode")


def message(**fields: str | int) -> OutgoingMessage:
    """Return a message in which every field except the reference is one of SECRETS."""
    values: dict[str, str | int] = {
        "to": NUMBER,
        "text": TEXT,
        "sender": "KU-IT",
        "reference": "4711",
        "validity": 540,
        "receipt_url": "https://portal.example.org/receipts/x/",
    }
    return OutgoingMessage(**{**values, **fields})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Refusal:
    """An answer other than "accepted", and the error that it must cause."""

    reply: Says
    fault: GatewayFault
    code: str
    why: str


@dataclass(frozen=True)
class Case:
    url: str  # {host} is replaced by host and port of the test's server
    accepted: Says
    message_id: str
    refusals: tuple[Refusal, ...]

    def at(self, host: str) -> Gateway:
        """Return the gateway, connected to a host and port of this machine."""
        return gateways.from_url(self.url.replace("{host}", host))


def _invalid(field: str, kind: str) -> Says:
    return Says(422, {"detail": [{"loc": ["body", field], "msg": f"{NUMBER} is bad: {TEXT}", "type": kind}]})


def _twilio(status: int, code: object) -> Says:
    return Says(status, {"code": code, "message": f"{NUMBER} is bad: {TEXT}", "status": status})


CASES = {
    "gatewayapi": Case(
        url="gatewayapi://s3cret-t0ken@{host}?secret=w3bhook",
        accepted=Says(202, {"msg_id": "01JNNABC", "recipient": 4526123478, "reference": "4711"}),
        message_id="01JNNABC",
        refusals=(
            Refusal(_invalid("recipient", "value_error"), GatewayFault.REFUSED, "value_error", "the number is bad"),
            Refusal(_invalid("sender", "too_long"), GatewayFault.MISCONFIGURED, "too_long", "the sender is bad"),
            Refusal(_invalid("message", f"bad {CODE}"), GatewayFault.REJECTED, "http-422", "its code is a sentence"),
            Refusal(_invalid("message", CODE), GatewayFault.REJECTED, "http-422", "its code quotes ours"),
            Refusal(Says(422, {"detail": "recipient"}), GatewayFault.REJECTED, "http-422", "a detail that is no list"),
            Refusal(Says(422, {"detail": [{"loc": 7}, 8]}), GatewayFault.REJECTED, "http-422", "a detail of odd types"),
            Refusal(Says(401, {"detail": "no"}), GatewayFault.MISCONFIGURED, "http-401", "the token is wrong"),
            Refusal(Says(403, {"detail": "no"}), GatewayFault.MISCONFIGURED, "http-403", "the region is wrong"),
            Refusal(Says(200, {"detail": "no"}), GatewayFault.UNKNOWN, "", "200 with an error inside"),
            Refusal(Says(202, {"msg_id": True}), GatewayFault.UNKNOWN, "", "an id of another type"),
            Refusal(Says(202, {"msg_id": ""}), GatewayFault.UNKNOWN, "", "an empty id"),
            Refusal(Says(202, {"msg_id": None}), GatewayFault.UNKNOWN, "", "no id"),
            Refusal(Says(202, [{"msg_id": "01JNNABC"}]), GatewayFault.UNKNOWN, "", "a list"),
        ),
    ),
    "twilio": Case(
        url="twilio://AC123:s3cret%2Ft0ken@{host}?from=+4512345678",
        accepted=Says(201, {"sid": "SM42", "status": "queued", "num_segments": "1", "error_code": None}),
        message_id="SM42",
        refusals=(
            Refusal(_twilio(400, 21211), GatewayFault.REFUSED, "21211", "not a number"),
            Refusal(_twilio(400, 21614), GatewayFault.REFUSED, "21614", "not a mobile"),
            Refusal(_twilio(400, 21610), GatewayFault.REJECTED, "21610", "opted out of our sender"),
            Refusal(_twilio(403, 60605), GatewayFault.REJECTED, "60605", "country blocked"),
            Refusal(_twilio(400, 21408), GatewayFault.REJECTED, "21408", "country not enabled"),
            Refusal(_twilio(400, 21606), GatewayFault.REJECTED, "21606", "our sender cannot send to this destination"),
            Refusal(_twilio(400, 21212), GatewayFault.MISCONFIGURED, "21212", "our sender is not valid"),
            Refusal(_twilio(400, 21659), GatewayFault.MISCONFIGURED, "21659", "our sender is no number of Twilio"),
            Refusal(_twilio(404, 20404), GatewayFault.MISCONFIGURED, "20404", "no such account"),
            Refusal(_twilio(400, 21611), GatewayFault.BUSY, "21611", "the queue is full"),
            Refusal(_twilio(400, 29999), GatewayFault.REJECTED, "29999", "an error of tomorrow"),
            Refusal(_twilio(400, CODE), GatewayFault.REJECTED, "http-400", "its code quotes ours"),
            Refusal(_twilio(400, {"a": 1}), GatewayFault.REJECTED, "http-400", "a code of another type"),
            Refusal(_twilio(401, 20003), GatewayFault.MISCONFIGURED, "20003", "the token is wrong"),
            Refusal(_twilio(200, 21610), GatewayFault.REJECTED, "21610", "200 with an error inside"),
            Refusal(
                Says(201, {"sid": "S", "error_code": 60605}), GatewayFault.REJECTED, "60605", "created with an error"
            ),
            Refusal(Says(201, {"sid": "S", "status": "failed"}), GatewayFault.REJECTED, "", "created and failed"),
            Refusal(Says(201, {"status": "queued"}), GatewayFault.UNKNOWN, "", "no id"),
            Refusal(Says(201, {"sid": ["SM42"]}), GatewayFault.UNKNOWN, "", "an id of another type"),
        ),
    ),
    "kannel": Case(
        url="kannel://us3cret:p%40ss%20t0ken%2F@{host}",
        accepted=Says(202, b"0: Accepted for delivery"),
        message_id="",
        refusals=(
            Refusal(Says(403, b"Authorization failed for sendsms"), GatewayFault.MISCONFIGURED, "http-403", "password"),
            Refusal(
                Says(403, b"Not routable. Do not try again."), GatewayFault.REJECTED, "not-routable", "a denied prefix"
            ),
            Refusal(Says(404, b"Unknown request."), GatewayFault.MISCONFIGURED, "http-404", "no smsbox"),
            Refusal(Says(400, b"Empty receiver number"), GatewayFault.REJECTED, "http-400", "a parameter is bad"),
            Refusal(
                Says(503, b"Temporal failure, try again later."), GatewayFault.UNAVAILABLE, "http-503", "try later"
            ),
            Refusal(Says(200, b"Sorry, no."), GatewayFault.UNKNOWN, "", "200 with an error inside"),
            Refusal(Says(202, b"4: What is this"), GatewayFault.UNKNOWN, "", "an outcome of tomorrow"),
        ),
    ),
}
