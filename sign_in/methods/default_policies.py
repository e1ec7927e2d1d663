"""The default policies, and the check of a policy before it is saved."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from sign_in import methods
from sign_in.methods import policies
from sign_in.models import MethodPolicy


def admit_anybody(group: str, policy: MethodPolicy, replaces: int | None) -> bool:
    """Return whether students or employees could still sign in at all times if the policy were saved.

    `group` is a field of `Audience`. Checks every moment from the start of the policy. Only methods that users enroll
    themselves count, without backups. `replaces` is the id of the row that the policy replaces, if any.
    """
    own = [method for method in methods.all_methods() if method.enrollment_url and not method.backup]
    return all(
        any(getattr(audiences.get(method.slug, method.default_audience), group) for method in own)
        for audiences in policies.policies_from(policy, replaces)
    )


def make_defaults(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Create a row with the default of each method that has none, so that administrators see and edit it.

    A receiver of `post_migrate`. So a later method gets its row, and a flush does not delete the rows for good. Does
    nothing if the table does not exist, for example after migrating back.
    """
    if MethodPolicy._meta.db_table not in connections[using].introspection.table_names():
        return
    rows = MethodPolicy.objects.using(using)
    for method in methods.all_methods():
        if method.enrollment_url and not method.backup and not rows.filter(method=method.slug).exists():
            rows.create(method=method.slug, students=method.students, employees=method.employees)
