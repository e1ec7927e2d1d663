"""The rules for enrollment: who may enroll which method, and the follow-up once a code has verified a new device."""

from dataclasses import dataclass

from django.conf import settings
from django_otp.models import Device

from accounts import states
from accounts.models import Account
from common.client_info import ClientInfo
from common.problems import Problem, flow_expired
from sign_in import methods, step_up
from sign_in.methods import Method, Option, Standing, device_changes, device_management, events
from sign_in.pending import FlowPurpose, PendingSignIn
from sign_in.problems import (
    account_reported,
    already_enrolled,
    confirm_again,
    method_gone,
    no_usable_method,
    not_allowed,
    nothing_to_enroll,
    too_many_devices,
)


@dataclass(frozen=True)
class Offer:
    """The account that enrolls and the methods it may choose from, strongest first. There is at least one."""

    account: Account
    methods: tuple[Method, ...]

    @property
    def has_choice(self) -> bool:
        return len(self.methods) > 1


def may_enroll(pending: PendingSignIn, slug: str = "", *, locked: bool = False) -> Offer:
    """Return the methods that the account may enroll. With a method's `slug`, check that it is one of them.

    Raises the page that says what to do if the account already has a method or may not use this one. Raises the page to
    start again if the account has changed since the password.

    Call it again with `locked` in the transaction that confirms a device. Under the account's `lock` the answer cannot
    change.

    SECURITY: a password alone may enroll only if the account never had a device and its owner has not reported a
    misuse. Every other account needs a recent second factor. A device of a forbidden method is enough if the account
    has no device of an allowed one.
    """
    account = pending.admit(lock(pending.account_id) if locked else _account(pending.account_id))
    offered = _offered(pending, account)
    if not offered:
        raise nothing_to_enroll()
    if slug and slug not in [method.slug for method in offered]:
        raise not_allowed()
    if pending.purpose == FlowPurpose.STEP_UP:
        raise flow_expired()
    registered = methods.devices(account.pk)
    if pending.purpose == FlowPurpose.ADD:
        _may_add(pending, registered)
    else:
        _refuse_password_alone(pending, methods.standing_of(account, registered))
    return Offer(account, tuple(offered))


def _refuse_password_alone(pending: PendingSignIn, standing: Standing) -> None:
    """Raise the page with the next step if a password is not enough to enroll, and nothing more was verified."""
    if not standing.guarded or is_opened(pending, standing):
        return
    if standing.enrolled or standing.options or standing.forbidden:
        raise already_enrolled()
    raise stuck(standing)


def is_opened(pending: PendingSignIn, standing: Standing) -> bool:
    """Return whether a device of a forbidden method was verified in this flow and still opens enrollment."""
    opened_by = (option for option in standing.forbidden if option.device.persistent_id == pending.opened_by)
    return any(opened_by) and step_up.is_fresh(pending.proven_at)


def stuck(standing: Standing) -> Problem:
    """Return the page for an account that only IT Support can help to sign in."""
    if standing.account is not None and standing.account.reported_at is not None:
        return account_reported()
    return no_usable_method() if standing.locked else method_gone()


def _offered(pending: PendingSignIn, account: Account) -> list[Method]:
    """Return the methods that the account may enroll.

    After a password alone, a method that an agent has prepared is the only one offered.

    SECURITY: the agent has verified the owner's identity. An attacker with only the password must not enroll another
    method.
    """
    offered = methods.enrollable(account)
    if not pending.by_password:
        return offered
    return [method for method in offered if method.has_pending_enrollment(account)] or offered


def _account(account_id: int | None) -> Account | None:
    return Account.objects.filter(pk=account_id or 0).first()


def _may_add(pending: PendingSignIn, registered: list[Option]) -> None:
    if not step_up.is_fresh(pending.proven_at):
        raise confirm_again()
    own = [option for option in registered if not option.method.backup]
    if len(own) >= settings.DEVICES_PER_ACCOUNT and not pending.replaces:
        raise too_many_devices()


def lock(account_id: int | None) -> Account | None:
    """Lock the account's row. Methods call this before they lock their own rows to confirm a device.

    SECURITY: prevents a race between two browsers that know the password. Only one of them may enroll the first device,
    whatever methods they use.
    """
    return Account.objects.select_for_update(no_key=True).filter(pk=account_id or 0).first()


def confirmed(pending: PendingSignIn, device: Device, client: ClientInfo) -> None:
    """Write the event of a newly verified device, call the listeners, and delete the device that it replaces.

    Call it in the transaction that confirms the device, under the account's `lock`. Raises `already_enrolled` if
    another browser has enrolled the first device in the meantime.
    """
    account = device.user
    before = [option for option in methods.devices(account.pk) if option.device != device]
    if pending.by_password:
        _refuse_password_alone(pending, methods.standing_of(account, before))
    states.protect(account.pk)
    old = next((option for option in before if option.device.persistent_id == pending.replaces), None)
    if old is None:
        event = events.device_enrolled(account, device, client)
    else:
        event = events.device_changed(account, device, old.description.seen, client)
    device_changes.notify_listeners(event, before)
    if old is not None:
        device_management.replace(old, device, pending.session_id)
