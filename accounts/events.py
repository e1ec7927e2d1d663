"""The audit log: one function per kind of event, each called in the transaction of what it records.

Kinds are those of `SecurityEvent.Kind`. No function takes a password, a code, or a number.
"""

from django.utils.crypto import salted_hmac
from django_otp.models import Device

from accounts.models import Account, SecurityEvent
from accounts.origin import Origin

Kind = SecurityEvent.Kind


def name_digest(name: str) -> str:
    """Return the keyed digest under which attempts on a name are counted, 32 hexadecimal digits."""
    return salted_hmac("accounts.events.name", name, algorithm="sha256").hexdigest()[:32]


def _write(
    kind: Kind,
    origin: Origin,
    account: Account | None = None,
    *,
    name: str = "",
    reason: str = "",
    detail: str = "",
    device: Device | None = None,
    actor: Account | None = None,
) -> SecurityEvent:
    return SecurityEvent.objects.create(
        kind=kind,
        account=account,
        actor=actor,
        name_digest=name_digest(name) if name else "",
        reason=reason,
        detail=detail,
        method=device._meta.app_label if device else "",
        device_id=device.pk if device else None,
        address=origin.address,
        network=origin.network,
        browser=origin.browser,
        reference=origin.reference,
    )


def password_accepted(account: Account, name: str, origin: Origin) -> None:
    """The password was right; the second factor is still to come."""
    _write(Kind.PASSWORD_ACCEPTED, origin, account, name=name)


def password_refused(account: Account | None, name: str, reason: str, origin: Origin) -> None:
    """A name and password did not lead on. `account` is None where the name is nobody's."""
    _write(Kind.PASSWORD_REFUSED, origin, account, name=name, reason=reason)


def sign_in_throttled(name: str, reason: str, origin: Origin) -> None:
    """An attempt was refused unread, after too many wrong passwords. Not counted as one of them."""
    _write(Kind.SIGN_IN_THROTTLED, origin, name=name, reason=reason)


def signed_in(account: Account, device: Device, origin: Origin) -> None:
    """The second factor was right."""
    _write(Kind.SIGNED_IN, origin, account, device=device, actor=account)


def signed_out(account: Account, origin: Origin) -> None:
    """The person ended the session."""
    _write(Kind.SIGNED_OUT, origin, account, actor=account)


def enrollment_started(account: Account, device: Device, origin: Origin) -> None:
    """A device was registered or changed, and is unconfirmed."""
    _write(Kind.ENROLLMENT_STARTED, origin, account, device=device)


def device_enrolled(account: Account, device: Device, origin: Origin) -> SecurityEvent:
    """A code proved the device."""
    return _write(Kind.DEVICE_ENROLLED, origin, account, device=device, actor=account)


def device_disabled(account: Account, device: Device, origin: Origin) -> SecurityEvent:
    """The last wrong code of so many that the device is locked; it stands for that refused code too."""
    return _write(Kind.DEVICE_DISABLED, origin, account, device=device)


def code_refused(account: Account, device: Device | None, reason: str, origin: Origin) -> None:
    """A code did not lead on. `device` is None where none was asked for."""
    _write(Kind.CODE_REFUSED, origin, account, device=device, reason=reason)


def code_not_sent(account: Account, device: Device | None, reason: str, origin: Origin, detail: str = "") -> None:
    """A limit refused a message; or, without a device, where it was to go was refused: `detail` says as little."""
    _write(Kind.CODE_NOT_SENT, origin, account, device=device, reason=reason, detail=detail)


def stepped_up(account: Account, device: Device, origin: Origin) -> None:
    """Somebody who was signed in proved a second factor again."""
    _write(Kind.STEPPED_UP, origin, account, device=device, actor=account)


def proven_outside(account: Account, device: Device, party: str, origin: Origin) -> None:
    """A second factor was right in a flow for a party outside, which has checked the password."""
    _write(Kind.PROVEN_OUTSIDE, origin, account, device=device, reason=party, actor=account)


def service_entered(account: Account, service: str, origin: Origin) -> None:
    """A service was told who somebody is; `service` is its client id."""
    _write(Kind.SERVICE_ENTERED, origin, account, detail=service, actor=account)


def service_refused(
    service: str, reason: str, origin: Origin, account: Account | None = None, detail: str = ""
) -> None:
    """What a service, or somebody in its name, asked for was refused; `detail` holds nothing that they sent whole."""
    _write(Kind.SERVICE_REFUSED, origin, account, reason=reason, detail=f"{service} {detail}".strip()[:200])


def service_linked(account: Account, service: str, origin: Origin) -> None:
    """An identity of a party outside was tied to the account, at first sight."""
    _write(Kind.SERVICE_LINKED, origin, account, detail=service)


def service_changed(actor: Account, service: str, detail: str, origin: Origin) -> None:
    """An administrator changed what a service, or a tenant, may; `detail` says what holds now."""
    _write(Kind.SERVICE_CHANGED, origin, reason=service[:32], detail=detail[:200], actor=actor)


def signing_key_made(key_id: str, detail: str) -> None:
    """An operator made a key that signs tokens; `detail` says from when it signs and what it replaces."""
    _write(Kind.SIGNING_KEY_MADE, Origin(), reason=key_id[:32], detail=detail)


def device_changed(account: Account, device: Device, detail: str, origin: Origin) -> SecurityEvent:
    """A code proved a device that took the place of another; `detail` names the other, masked."""
    return _write(Kind.DEVICE_CHANGED, origin, account, device=device, detail=detail, actor=account)


def device_removed(account: Account, device: Device, detail: str, origin: Origin) -> SecurityEvent:
    """The owner removed a device; `detail` names it, masked."""
    return _write(Kind.DEVICE_REMOVED, origin, account, device=device, detail=detail, actor=account)


def device_renamed(account: Account, device: Device, origin: Origin) -> None:
    """The owner gave a device a name of their own."""
    _write(Kind.DEVICE_RENAMED, origin, account, device=device, actor=account)


def device_preferred(account: Account, device: Device, origin: Origin) -> None:
    """The owner chose which device stands first at sign-in."""
    _write(Kind.DEVICE_PREFERRED, origin, account, device=device, actor=account)


def recovery_codes_made(account: Account, device: Device, origin: Origin) -> SecurityEvent:
    """New recovery codes took the place of all earlier ones."""
    return _write(Kind.RECOVERY_CODES_MADE, origin, account, device=device, actor=account)


def recovery_code_used(account: Account, device: Device, left: int, origin: Origin) -> SecurityEvent:
    """A recovery code was right; `left` of them are unused. Written beside the event of what it opened."""
    return _write(Kind.RECOVERY_CODE_USED, origin, account, device=device, detail=str(left), actor=account)


def pass_used(account: Account, device: Device, origin: Origin) -> None:
    """An access pass was right. Written beside the event of what it opened."""
    _write(Kind.PASS_USED, origin, account, device=device, actor=account)


def session_ended(account: Account, origin: Origin) -> None:
    """The owner ended one of their other sessions."""
    _write(Kind.SESSION_ENDED, origin, account, actor=account)


def sessions_ended(account: Account, origin: Origin) -> None:
    """The owner ended all other sessions."""
    _write(Kind.SESSIONS_ENDED, origin, account, actor=account)


def second_factor_missing(account: Account, browser: str, address: str | None, detail: str = "") -> SecurityEvent:
    """A right password was followed by nothing; with its browser and address, `detail` is the id of its event."""
    return _write(Kind.SECOND_FACTOR_MISSING, Origin(address=address, browser=browser), account, detail=detail)


def reported(account: Account, reason: str, detail: str, origin: Origin, device: Device | None = None) -> SecurityEvent:
    """The owner said of an event that it was somebody else; `reason` is its kind, `detail` its id.

    All sessions of the account have ended by it; `device` is the one that it has locked, if any.
    """
    return _write(Kind.REPORTED, origin, account, reason=reason, detail=detail, device=device)


def agent_acted(
    agent: Account, account: Account, action: str, detail: str, origin: Origin, device: Device | None = None
) -> SecurityEvent:
    """A helpdesk agent did something for an account; `detail` says with which proof and for which case.

    `device` is what the act has made, if anything: a report by the owner locks it.
    """
    return _write(Kind.AGENT_ACTED, origin, account, reason=action, detail=detail, device=device, actor=agent)


def approval_asked(agent: Account, account: Account, action: str, origin: Origin) -> None:
    """An agent asked for a second one's approval."""
    _write(Kind.APPROVAL_ASKED, origin, account, reason=action, actor=agent)


def approval_decided(agent: Account, account: Account, action: str, outcome: str, origin: Origin) -> None:
    """The second agent approved or refused."""
    _write(Kind.APPROVAL_DECIDED, origin, account, reason=action, detail=outcome, actor=agent)


def case_taken(agent: Account, account: Account, case_id: int, origin: Origin) -> None:
    """An agent took a case."""
    _write(Kind.CASE_TAKEN, origin, account, detail=str(case_id), actor=agent)


def case_closed(agent: Account, account: Account, case_id: int, origin: Origin) -> None:
    """An agent closed a case."""
    _write(Kind.CASE_CLOSED, origin, account, detail=str(case_id), actor=agent)


def role_given(account: Account, role: str) -> None:
    """An operator gave the account a role in the admin, or took it away ("none")."""
    _write(Kind.ROLE_GIVEN, Origin(), account, reason=role)


def policy_changed(actor: Account, method: str, detail: str, origin: Origin) -> None:
    """An administrator changed who may use a method; `detail` says what holds now, from when."""
    _write(Kind.POLICY_CHANGED, origin, reason=method, detail=detail, actor=actor)


def campaign_changed(actor: Account, name: str, detail: str, origin: Origin) -> None:
    """An administrator made, changed, paused or resumed a campaign; `detail` says what holds now."""
    _write(Kind.CAMPAIGN_CHANGED, origin, reason=name[:32], detail=detail[:200], actor=actor)


def reminder_asked(actor: Account | None, name: str, detail: str, origin: Origin) -> None:
    """A reminder of a campaign begins; `actor` is None where its day has come."""
    _write(Kind.REMINDER_ASKED, origin, reason=name[:32], detail=detail[:200], actor=actor)


def enrollment_put_off(account: Account, campaign: str, times: int, origin: Origin) -> None:
    """Somebody who must enroll by a campaign's deadline said "Not now", for the so manieth time."""
    _write(Kind.ENROLLMENT_PUT_OFF, origin, account, reason=campaign[:32], detail=str(times))


def list_exported(actor: Account, what: str, detail: str, origin: Origin) -> None:
    """A list of the admin was exported; `detail` names its filters, never a search."""
    _write(Kind.LIST_EXPORTED, origin, reason=what[:32], detail=detail[:200], actor=actor)


def reset_requested(account: Account | None, name: str, origin: Origin) -> None:
    """A link for a new password was asked for. `account` is None where the name is nobody's."""
    _write(Kind.RESET_REQUESTED, origin, account, name=name)


def reset_mailed(account: Account) -> None:
    """A link for a new password is about to be mailed."""
    _write(Kind.RESET_MAILED, Origin(), account)


def password_changed(account: Account, origin: Origin) -> None:
    """A new password was set by a link from a mail."""
    _write(Kind.PASSWORD_CHANGED, origin, account, actor=account)


def gateway_rested(gateway: str, detail: str, actor: Account | None = None, origin: Origin | None = None) -> None:
    """A gateway is no longer tried first; `detail` says why, with the numbers. By an administrator, or by itself."""
    _write(Kind.GATEWAY_RESTED, origin or Origin(), reason=gateway, detail=detail, actor=actor)


def gateway_back(gateway: str, detail: str, actor: Account | None = None, origin: Origin | None = None) -> None:
    """A gateway is tried in its turn again. By an administrator, or by itself."""
    _write(Kind.GATEWAY_BACK, origin or Origin(), reason=gateway, detail=detail, actor=actor)


def accounts_imported(accounts: list[Account], reason: str, actor: Account | None = None) -> None:
    """Accounts were created, changed or deactivated from a file; one event each, in batches.

    `actor` is the administrator who applied the file, None where an operator did.
    """
    SecurityEvent.objects.bulk_create(
        (
            SecurityEvent(kind=Kind.ACCOUNT_IMPORTED, account=account, reason=reason, actor=actor)
            for account in accounts
        ),
        batch_size=1000,
    )
