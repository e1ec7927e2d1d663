"""Who may enroll what, and what follows once a code has proven a new device."""

from dataclasses import dataclass

from django.conf import settings
from django_otp.models import Device

from accounts.models import Account
from common.client_info import ClientInfo
from common.problems import flow_expired
from sign_in import methods, step_up
from sign_in.methods import Method, Option, device_changes, device_management, events
from sign_in.pending import FlowPurpose, PendingSignIn
from sign_in.problems import already_enrolled, confirm_again, not_allowed, nothing_to_enroll, too_many_devices


@dataclass(frozen=True)
class Offer:
    """The account that enrolls, and the methods it may choose from, strongest first; never empty."""

    account: Account
    methods: tuple[Method, ...]

    @property
    def has_choice(self) -> bool:
        """Whether there is more than one."""
        return len(self.methods) > 1


def may_enroll(pending: PendingSignIn, slug: str = "", *, locked: bool = False) -> Offer:
    """Return what the account may enroll; with a method's `slug`, only if that is among it.

    Asked again with `locked`, in the transaction that confirms a device: under the account's `lock` nothing of the
    answer changes any more.

    Raises the page that says what to do for who has a method already or may not use this one, and where the account has
    changed since the password.

    SECURITY: a password alone opens enrollment only where the account has nothing that it may use, locked or not. Every
    other one needs a second factor that was proven a short while ago.
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
    elif methods.standing_of(registered).guarded:
        raise already_enrolled()
    return Offer(account, tuple(offered))


def _offered(pending: PendingSignIn, account: Account) -> list[Method]:
    """Return what the account may enroll; what an agent has prepared comes alone, before anything else.

    SECURITY: the agent has made sure whose it is; whoever merely has the password must not enroll another method.
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
    """Lock the account's row; for factors, before they lock any of their own rows to confirm a device.

    SECURITY: two browsers that know the password must not both be the first to enroll, whatever factors they use.
    """
    return Account.objects.select_for_update(no_key=True).filter(pk=account_id or 0).first()


def confirmed(pending: PendingSignIn, device: Device, client: ClientInfo) -> None:
    """Write the event of a new device that was just proven, call the listeners, and delete the device that it replaces.

    In the transaction in which the factor confirms the device, under the account's `lock`. Raises the page that says so
    where another browser was quicker to enroll the first one.
    """
    account = device.user
    before = [option for option in methods.devices(account.pk) if option.device != device]
    if pending.by_password and methods.standing_of(before).guarded:
        raise already_enrolled()
    old = next((option for option in before if option.device.persistent_id == pending.replaces), None)
    if old is None:
        event = events.device_enrolled(account, device, client)
    else:
        event = events.device_changed(account, device, old.description.seen, client)
    device_changes.notify_listeners(event, before)
    if old is not None:
        device_management.replace(old, device)
