"""The policies for methods as rows: what may be saved, and what is there from the start."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from sign_in import methods
from sign_in.methods import policies
from sign_in.models import MethodPolicy


def admit_anybody(group: str, policy: MethodPolicy, replaces: int | None) -> bool:
    """Whether students or employees (`group`, a field of `Audience`) could still sign in, were the policy saved.

    At every moment from when it begins, by a method that they enroll by themselves; `replaces` is the row that it takes
    the place of.
    """
    own = [method for method in methods.all_methods() if method.enrollment_url and not method.backup]
    return all(
        any(getattr(audiences.get(method.slug, method.default_audience), group) for method in own)
        for audiences in policies.policies_from(policy, replaces)
    )


def make_defaults(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Make a row of each method's default where it has none, so that administrators see the policy and can edit it.

    A receiver of `post_migrate`: a later method gets its row by itself, and a flush takes none away for good. Does
    nothing on the way back to before there were policies.
    """
    if MethodPolicy._meta.db_table not in connections[using].introspection.table_names():
        return
    rows = MethodPolicy.objects.using(using)
    for method in methods.all_methods():
        if method.enrollment_url and not method.backup and not rows.filter(method=method.slug).exists():
            rows.create(method=method.slug, students=method.students, employees=method.employees)
