"""The table names every URL, permission and helpdesk action, and roles have what it says. (ASVS 8.2.1)"""

from django.apps import apps
from django.contrib.auth.models import Permission

from helpdesk import registry
from kumfa.settings import BASE_DIR
from kumfa.tests.who_may_what.world import ALLOWED, EXPORT, OTHERS, PAGES, World, every_role, tables
from tests.helpers import every_path

# Every app of the portal; not the demo, and not the app that exists only for tests.
OWN = {path.parent.name for path in BASE_DIR.glob("*/apps.py")} - {"demo"}


def test_asvs_8_2_1_every_address_of_the_admin_is_in_the_table() -> None:
    known = set(OTHERS)
    for model, prefix in tables():
        assert f"see {model._meta.label}" in ALLOWED, model
        known |= {f"{prefix}_{page}" for page in (*PAGES, EXPORT)}
        known.add(f"/admin/{model._meta.app_label}/{model._meta.model_name}/1/")
    assert {name for name, path in every_path().items() if path.startswith("/admin")} == known


def test_asvs_8_2_1_every_permission_and_every_act_is_in_the_table(db: None) -> None:
    own = {
        f"{model._meta.app_label}.{codename}"
        for app in apps.get_app_configs()
        if app.name in OWN
        for model in app.get_models()
        for codename, _name in model._meta.permissions
    }
    assert own == {thing for thing in ALLOWED if " " not in thing}
    assert {action.permission for action in registry.all_actions()} <= own


@every_role
def test_asvs_8_2_1_a_role_holds_what_the_table_says(world: World) -> None:
    for thing, _roles in ALLOWED.items():
        verb, _space, label = thing.rpartition(" ")
        app, _dot, model = label.lower().rpartition(".")
        names = {"": [thing], "see": [f"{app}.view_{model}"]}
        wanted = names.get(verb, [f"{app}.add_{model}", f"{app}.change_{model}"])
        assert [world.agent.has_perm(name) for name in wanted] == [world.may(thing)] * len(wanted), thing
    others = world.agent.get_all_permissions() - set(ALLOWED)
    if world.role != "superuser":
        edited = [thing.removeprefix("edit ").lower().split(".") for thing in ALLOWED if thing.startswith("edit ")]
        edits = {f"{app}.{verb}_{model}" for app, model in edited for verb in ("add", "change")}
        assert {name for name in others if ".view_" not in name and not name.startswith("pigeon.")} <= edits
        assert not Permission.objects.filter(user=world.agent)
