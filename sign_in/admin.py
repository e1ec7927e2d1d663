"""The policies for methods in the admin."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from backoffice.admin_sections import Section
from backoffice.step_up_admin import StepUpModelAdmin
from common.client_info import client_info_of
from sign_in import methods
from sign_in.methods import default_policies, events, policies
from sign_in.models import MethodPolicy

if TYPE_CHECKING:
    _Form = forms.ModelForm[MethodPolicy]
else:
    _Form = forms.ModelForm


class MethodPolicyForm(_Form):
    """Refuses a policy that would leave students or employees without any method to enroll themselves."""

    class Meta:
        model = MethodPolicy
        fields = ("method", "students", "employees", "valid_from")

    def clean(self) -> dict[str, Any]:
        """Return the cleaned policy. Adds an error for each group that would have no method left."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        policy = MethodPolicy(**{name: cleaned[name] for name in self.Meta.fields})
        for field, why in (
            ("students", _("Students would have no method left.")),
            ("employees", _("Employees would have no method left.")),
        ):
            if not default_policies.admit_anybody(field, policy, replaces=self.instance.pk):
                self.add_error(field, why)
        return cleaned


@admin.register(MethodPolicy)
class MethodPolicyAdmin(StepUpModelAdmin):
    """Shows and edits the policies for methods. Each change writes an event and needs a fresh second factor."""

    section = Section.SETTINGS
    form = MethodPolicyForm
    list_display = ("label", "students", "employees", "valid_from")
    fields = ("method", "students", "employees", "valid_from")

    @admin.display(description=gettext_lazy("method"), ordering="method")
    def label(self, row: MethodPolicy) -> str:
        """Return the method's name, or its slug if no app registers it."""
        method = methods.by_slug(row.method)
        return str(method.label) if method else row.method

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the registered methods by name, without backup methods."""
        if db_field.name == "method":
            choices = [(method.slug, method.label) for method in methods.all_methods() if not method.backup]
            return forms.ChoiceField(label=gettext_lazy("method"), choices=choices)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: MethodPolicy, form: Any, change: bool) -> None:
        """Save the policy and its event. The admin runs both in one transaction."""
        super().save_model(request, obj, form, change)
        detail = f"students={obj.students:d} employees={obj.employees:d} from={obj.valid_from:%Y-%m-%dT%H:%M%z}"
        events.policy_changed(cast(Account, request.user), obj.method, detail, client_info_of(request))
        policies.forget()
