"""The form of a campaign and its validation."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns import reminders, username_list
from campaigns.models import EnrollmentCampaign

if TYPE_CHECKING:
    _Form = forms.ModelForm[EnrollmentCampaign]
else:
    _Form = forms.ModelForm

_REMINDERS = 10  # each reminder sends thousands of emails
_EARLIEST_REMINDER = 365


class CampaignForm(_Form):
    """A campaign and, for a list, the uploaded file.

    `cleaned_data["usernames"]` has account ids, or None without a file.
    """

    too_large = False  # whether the upload handler discarded a file because of its size
    usernames = forms.FileField(label=gettext_lazy("List of usernames"), required=False, allow_empty_file=True)

    class Meta:
        model = EnrollmentCampaign
        fields = (
            *("name", "audience", "opens_at", "deadline", "postpone_days", "postpone_times"),
            *("text_da", "text_en", "remind_days"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        helps = {
            "usernames": self._about_list(),
            "deadline": _("Danish time. After this, nobody can choose “Not now”."),
            "opens_at": _("Danish time."),
            "postpone_days": _(
                "0 to 14 days from the first time they choose “Not now”. Enter 0 if nobody may postpone."
            ),
            "remind_days": _("For example 14, 7, 1. Reminders are emailed at %(hour)d:00. Leave empty to send none.")
            % {"hour": settings.REMINDERS_FROM_HOUR},
        }
        for name, text in helps.items():
            if name in self.fields:
                self.fields[name].help_text = text

    def _about_list(self) -> str:
        about = _("A text or CSV file with one username per line. Only for the audience “The usernames of a list”.")
        count = self.instance.members.count() if self.instance.pk else 0
        if not count:
            return about
        known = ngettext(
            "The list has %(count)d account. A new file will replace it.",
            "The list has %(count)d accounts. A new file will replace it.",
            count,
        )
        return f"{about} {known % {'count': count}}"

    def clean_usernames(self) -> list[int] | None:
        """Return the account ids of the list, or None if no file was chosen."""
        file = self.cleaned_data.get("usernames")
        if self.too_large or (file and file.size > settings.CAMPAIGN_LIST_BYTES):
            limit = filesizeformat(settings.CAMPAIGN_LIST_BYTES)
            raise ValidationError(_("The file is larger than %(limit)s.") % {"limit": limit})
        if not file:
            return None
        try:
            ids = username_list.read_usernames(file)
        except username_list.BadUsernameList as bad:
            raise ValidationError([ValidationError(reason) for reason in bad.reasons]) from None
        if not ids:
            raise ValidationError(_("There is no username in the file."))
        return ids

    def clean_remind_days(self) -> str:
        """Return the days, largest number first. Raise `ValidationError` for invalid, duplicate or too many days."""
        days = [part.strip() for part in self.cleaned_data["remind_days"].split(",") if part.strip()]
        if any(not (day.isascii() and day.isdigit() and int(day) <= _EARLIEST_REMINDER) for day in days):
            raise ValidationError(_("Enter whole numbers from 0 to 365 with commas between them, such as 14, 7, 1."))
        numbers = sorted({int(day) for day in days}, reverse=True)
        if len(numbers) < len(days):
            raise ValidationError(_("The same day is listed twice."))
        if len(numbers) > _REMINDERS:
            raise ValidationError(_("There can be at most 10 reminders."))
        return ", ".join(map(str, numbers))

    def clean(self) -> dict[str, Any]:
        """Check that the dates, the reminders and the list fit together."""
        cleaned = super().clean() or {}
        opens, deadline = cleaned.get("opens_at"), cleaned.get("deadline")
        if opens and deadline and deadline <= opens:
            self.add_error("deadline", _("The deadline must come after the opening."))
        elif deadline and "remind_days" in cleaned:
            self._reminders_fit(EnrollmentCampaign(deadline=deadline, remind_days=cleaned["remind_days"]))
        if "audience" in cleaned and "usernames" in cleaned:
            self._list_fits(cleaned["audience"], cleaned["usernames"])
        return cleaned

    def _reminders_fit(self, campaign: EnrollmentCampaign) -> None:
        if any(reminders.due_at(campaign, days) >= campaign.deadline for days in campaign.reminder_days):
            text = _("The reminder on the day of the deadline would come after the deadline.")
            self.add_error("remind_days", text)

    def _list_fits(self, audience: str, ids: list[int] | None) -> None:
        is_listed = audience == EnrollmentCampaign.Audience.LISTED
        has_list = ids is not None or (self.instance.pk and self.instance.members.exists())
        if is_listed and not has_list:
            self.add_error("usernames", _("Choose the file with the usernames."))
        elif ids is not None and not is_listed:
            self.add_error("usernames", _("A list is only for the audience “The usernames of a list”."))
