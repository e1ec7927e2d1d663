"""The actions that apply to every factor: unlock, end sessions, remove a device."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk import cases, permissions
from helpdesk.forms import ActionForm
from helpdesk.registry import ActionRefused, ActionResult, HelpdeskAction, register
from limits import counting
from sessions import registry as sessions
from sign_in import methods
from sign_in.methods import Option, device_rows, throttling


class DeviceForm(ActionForm):
    """The form of an action on one device."""

    device = forms.ChoiceField(
        label=gettext_lazy("Login method"), error_messages={"required": gettext_lazy("Choose a login method.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        registered = methods.devices(self.account.pk)
        cast(forms.ChoiceField, self.fields["device"]).choices = [
            (option.device.persistent_id, f"{option.method.label} {option.description.seen}") for option in registered
        ]


class Unlock(HelpdeskAction):
    """Unlocks the devices of the account, resets their wrong-code counts, and lifts the limits of the account."""

    slug = "unlock"
    place = 10
    verb = gettext_lazy("Unlock and reset failed tries")
    effect = gettext_lazy(
        "Every login method of the account is unlocked. Wrong codes, messages and all other limits of the account are "
        "counted from zero."
    )
    seen = gettext_lazy("The student can ask for a code and log in at once.")
    attacker = gettext_lazy(
        "Someone else who has the password can guess codes again. If the user did not enter the wrong codes, require "
        "a new password."
    )
    told = gettext_lazy("IT Support has unlocked your login methods.")
    permission = permissions.UNLOCK_ACCOUNT

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Unlock every device except those in an open compromise report."""
        reported = cases.reported_devices(account)
        kept = False
        for device in device_rows.all_devices(account.pk):
            if (device._meta.app_label, device.pk) in reported:
                kept = True
                continue
            throttling.clear(device)
        counting.lift(account.pk)
        cases.close_locked(agent, account, client)
        if kept:
            text = _(
                "The account is unlocked, apart from the login methods that the user has reported. "
                "Remove those, or reset the account."
            )
            return ActionResult(text)
        return ActionResult(_("The account is unlocked. Wrong codes and messages are counted from zero again."))

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Return whether the account has any device. An unconfirmed first device counts: it can be locked too."""
        return bool(registered) or bool(device_rows.held(account))


class EndSessions(HelpdeskAction):
    """Ends every session of the account."""

    slug = "end-sessions"
    place = 60
    verb = gettext_lazy("End all sessions")
    effect = gettext_lazy(
        "The account is logged out everywhere, including devices where the user chose to stay logged in."
    )
    seen = gettext_lazy("The student must log in again, everywhere.")
    attacker = gettext_lazy(
        "Someone else is logged out too, but can log in again with the password and a method. To keep them out, "
        "require a new password or block the account."
    )
    told = gettext_lazy("IT Support has logged out your account everywhere.")
    permission = permissions.END_SESSIONS

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        sessions.end_all(account)
        return ActionResult(_("All sessions of the account have ended."))


class RemoveDevice(HelpdeskAction):
    """Removes one device of the account."""

    slug = "remove-device"
    place = 45
    verb = gettext_lazy("Remove a login method")
    effect = gettext_lazy("The login method is deleted, and codes that were sent to it stop working.")
    seen = gettext_lazy(
        "The student can no longer log in with it. If they have no other method, they need an access pass to log in."
    )
    attacker = gettext_lazy(
        "The password alone opens nothing afterwards. Someone else who has another method of the account still gets in."
    )
    told = gettext_lazy("IT Support has removed a login method from your account.")
    permission = permissions.REMOVE_DEVICE
    form = DeviceForm
    needs_approval = True

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Delete the device, end what depends on it, and close the case of its lock."""
        for option in methods.devices(account.pk):
            if option.device.persistent_id == cleaned["device"]:
                words = option.description.seen
                cases.close_locked(agent, account, client, option.device)
                device_rows.delete(option.device)
                text = _("The login method has been removed: %(device)s.")
                return ActionResult(text % {"device": words}, detail=words)
        raise ActionRefused(_("The login method is no longer there."))

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        return bool(registered)


def register_all() -> None:
    for action in (Unlock(), EndSessions(), RemoveDevice()):
        register(action)
