"""Security events of methods and devices: enrollment, refused codes, and changes by owners and administrators."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from sign_in import methods


def find_method_label(event: SecurityEvent) -> str:
    """Return the name of the event's method, or an empty string if it is not registered."""
    method = _method_of(event)
    return str(method.label) if method else ""


def _method_of(event: SecurityEvent) -> methods.Method | None:
    return next((method for method in methods.all_methods() if method.owns(event.method)), None)


def _said(event: SecurityEvent) -> str:
    method = _method_of(event)
    return method.say(event.detail) if method else event.detail


def method_label(event: SecurityEvent) -> str:
    """Return the name of the event's method, or the stored app label if the method is not registered."""
    return find_method_label(event) or event.method


def _enrolled_text(event: SecurityEvent) -> str:
    return _("You added a login method: %(method)s.") % {"method": method_label(event)}


def _changed_text(event: SecurityEvent) -> str:
    text = _("You changed a login method: %(method)s. The old one was %(old)s.")
    return text % {"method": method_label(event), "old": _said(event)}


def _removed_text(event: SecurityEvent) -> str:
    return _("You removed a login method: %(method)s, %(old)s.") % {"method": method_label(event), "old": _said(event)}


def _old_device(event: SecurityEvent) -> str:
    # Translators: %(device)s is what tells a login method from others, "+45 •• •• •• 78".
    return _("the old one was %(device)s") % {"device": event.detail}


def _method_of_policy(event: SecurityEvent) -> str:
    method = methods.by_slug(event.reason)
    return str(method.label) if method else event.reason


ENROLLMENT_STARTED = register(EventKind("enrollment_started", gettext_lazy("Enrolment started")))
DEVICE_ENROLLED = register(
    EventKind("device_enrolled", gettext_lazy("Method registered"), owner_text=_enrolled_text, settles_password=True)
)
DEVICE_DISABLED = register(
    EventKind(
        "device_disabled",
        gettext_lazy("Method locked"),
        is_failure=True,
        owner_text=lambda event: _("A login method was locked after too many wrong codes."),
        is_sign_in_attempt=True,
    )
)
# Methods add the reasons that only they write.
CODE_REFUSED = register(
    EventKind(
        "code_refused",
        gettext_lazy("Code refused"),
        is_failure=True,
        owner_text=lambda event: _("Someone entered the right password, but a wrong code."),
        reasons={
            "wrong": gettext_lazy("Wrong code"),
            "locked": gettext_lazy("The login method was locked"),
            "disabled": gettext_lazy("The login method was locked"),
        },
        is_sign_in_attempt=True,
    )
)
DEVICE_CHANGED = register(
    EventKind("device_changed", gettext_lazy("Method changed"), owner_text=_changed_text, detail_text=_old_device)
)
DEVICE_REMOVED = register(EventKind("device_removed", gettext_lazy("Method removed"), owner_text=_removed_text))
DEVICE_RENAMED = register(EventKind("device_renamed", gettext_lazy("Method renamed")))
DEVICE_PREFERRED = register(EventKind("device_preferred", gettext_lazy("Method used first")))
POLICY_CHANGED = register(
    EventKind("policy_changed", gettext_lazy("Rule for a method changed"), reason_text=_method_of_policy)
)


def enrollment_started(account: Account, device: Device, client: ClientInfo) -> None:
    """Record that a device was registered or changed and is still unconfirmed."""
    write_event(ENROLLMENT_STARTED, client, account, device=device)


def device_enrolled(account: Account, device: Device, client: ClientInfo) -> SecurityEvent:
    """Record that a code verified a new device."""
    return write_event(DEVICE_ENROLLED, client, account, device=device, actor=account)


def device_disabled(account: Account, device: Device, client: ClientInfo) -> SecurityEvent:
    """Record that a wrong code locked the device. Replaces the event of that refused code."""
    return write_event(DEVICE_DISABLED, client, account, device=device)


def code_refused(account: Account, device: Device | None, reason: str, client: ClientInfo) -> SecurityEvent:
    """Record a refused code. `device` is None if the code was for no device."""
    return write_event(CODE_REFUSED, client, account, device=device, reason=reason)


def device_changed(account: Account, device: Device, detail: str, client: ClientInfo) -> SecurityEvent:
    """Record that a code verified a device that replaced another one. `detail` describes the old one, masked."""
    return write_event(DEVICE_CHANGED, client, account, device=device, detail=detail, actor=account)


def device_removed(account: Account, device: Device, detail: str, client: ClientInfo) -> SecurityEvent:
    """Record that the owner removed a device. `detail` describes it, masked."""
    return write_event(DEVICE_REMOVED, client, account, device=device, detail=detail, actor=account)


def device_renamed(account: Account, device: Device, client: ClientInfo) -> None:
    """Record that the owner renamed a device."""
    write_event(DEVICE_RENAMED, client, account, device=device, actor=account)


def device_preferred(account: Account, device: Device, client: ClientInfo) -> None:
    """Record that the owner chose the device that is offered first at sign-in."""
    write_event(DEVICE_PREFERRED, client, account, device=device, actor=account)


def policy_changed(actor: Account, method: str, detail: str, client: ClientInfo) -> None:
    """Record that an administrator changed a policy. `detail` contains the new policy and its start."""
    write_event(POLICY_CHANGED, client, reason=method, detail=detail, actor=actor)
