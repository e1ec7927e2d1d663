"""Helpdesk actions, cases and approvals of each role. (ASVS 2.3.5, 8.2.2, 8.2.3)"""

from django.urls import reverse

from accounts.models import Account
from helpdesk import registry, rules
from helpdesk.forms import ActionForm
from helpdesk.models import AgentAct, Approval, Case
from helpdesk.tests.people import SAID
from kumfa.tests.who_may_what.world import World, every_role
from sign_in import methods
from tests.helpers import picture


@every_role
def test_asvs_8_2_2_an_act_is_for_its_role_and_for_the_accounts_that_it_may_touch(world: World) -> None:
    for act in registry.all_actions():
        for name, account in world.targets.items():
            path = reverse("admin:helpdesk_action", args=[account.pk, act.slug])
            allowed = world.may(act.permission) and world.touches(name)
            assert world.browser.get(path).status_code == (200 if allowed else 403), (act.slug, name)
            before = picture()
            if not allowed:
                device = next((option.device.persistent_id for option in methods.devices(account.pk)), "")
                assert world.browser.post(path, {**SAID, "device": device}).status_code == 403, (act.slug, name)
                assert picture() == before, (act.slug, name)
            elif act.form is ActionForm:
                asks = rules.needs_approval(act, account)
                assert world.browser.post(path, SAID).status_code in (200, 302), (act.slug, name)
                acts, asked = len(before["helpdesk.AgentAct"]), len(before["helpdesk.Approval"])
                assert AgentAct.objects.count() - acts == (0 if asks else 1), (act.slug, name)
                assert Approval.objects.count() - asked == (1 if asks else 0), (act.slug, name)


@every_role
def test_asvs_8_2_3_the_page_of_an_account_shows_what_the_role_may_do_and_no_more(world: World) -> None:
    for name, account in world.targets.items():
        page = world.browser.get(reverse("admin:accounts_account_change", args=[account.pk])).content.decode()
        for act in registry.all_actions():
            shown = reverse("admin:helpdesk_action", args=[account.pk, act.slug]) in page
            applies = act in rules.actions_for(
                Account.objects.get(pk=world.agent.pk), account, methods.devices(account.pk)
            )
            assert shown == applies, (act.slug, name)
            assert not shown or (world.may(act.permission) and world.touches(name)), (act.slug, name)


@every_role
def test_asvs_8_2_2_a_case_is_handled_by_who_may_touch_its_account(world: World) -> None:
    for name, account in world.targets.items():
        case = Case.objects.get(account=account)
        path = reverse("admin:helpdesk_case", args=[case.pk])
        allowed = world.may("helpdesk.handle_case") and world.touches(name)
        assert world.browser.get(path).status_code == (200 if allowed else 403), name
        before = picture()
        for answer in ("take", "note", "close"):
            response = world.browser.post(path, {"do": answer, "taken_by": "", "note": "Ringet op"})
            assert response.status_code == (302 if allowed else 403), (name, answer)
        case.refresh_from_db()
        assert (case.closed_by == world.agent) == allowed, name
        assert allowed or picture() == before, name


@every_role
def test_asvs_2_3_5_an_approval_is_answered_by_who_may(world: World) -> None:
    asked = Approval.objects.get()
    path = reverse("admin:helpdesk_decide", args=[asked.pk])
    allowed = world.may("helpdesk.approve_act")
    assert world.browser.get(path).status_code == (200 if allowed else 403)
    before = picture()
    assert world.browser.post(path, {"answer": "approve"}).status_code == (302 if allowed else 403)
    asked.refresh_from_db()
    assert asked.outcome == ("approved" if allowed else "")
    assert allowed or picture() == before
