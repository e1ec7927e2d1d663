"""Helpdesk actions, cases and approvals of each role. (ASVS 2.3.5, 8.2.2, 8.2.3)"""

from django.urls import reverse

from accounts.models import Account
from helpdesk import registry, rules
from helpdesk.forms import ActionForm
from helpdesk.models import ActionRecord, Approval, Case
from helpdesk.tests.people import SAID
from kumfa.tests.who_may_what.world import World, every_role
from sign_in import methods
from tests.helpers import picture


@every_role
def test_asvs_8_2_2_an_act_is_for_its_role_and_for_the_accounts_that_it_may_touch(world: World) -> None:
    for action in registry.all_actions():
        for name, account in world.targets.items():
            path = reverse("admin:helpdesk_action", args=[account.pk, action.slug])
            allowed = world.may(action.permission) and world.touches(name)
            assert world.browser.get(path).status_code == (200 if allowed else 403), (action.slug, name)
            before = picture()
            if not allowed:
                device = next((option.device.persistent_id for option in methods.devices(account.pk)), "")
                assert world.browser.post(path, {**SAID, "device": device}).status_code == 403, (action.slug, name)
                assert picture() == before, (action.slug, name)
            elif action.form is ActionForm:
                asks = rules.needs_approval(action, account)
                assert world.browser.post(path, SAID).status_code in (200, 302), (action.slug, name)
                actions, asked = len(before["helpdesk.ActionRecord"]), len(before["helpdesk.Approval"])
                assert ActionRecord.objects.count() - actions == (0 if asks else 1), (action.slug, name)
                assert Approval.objects.count() - asked == (1 if asks else 0), (action.slug, name)


@every_role
def test_asvs_8_2_3_the_page_of_an_account_shows_what_the_role_may_do_and_no_more(world: World) -> None:
    for name, account in world.targets.items():
        page = world.browser.get(reverse("admin:accounts_account_change", args=[account.pk])).content.decode()
        for action in registry.all_actions():
            shown = reverse("admin:helpdesk_action", args=[account.pk, action.slug]) in page
            applies = action in rules.actions_for(
                Account.objects.get(pk=world.agent.pk), account, methods.devices(account.pk)
            )
            assert shown == applies, (action.slug, name)
            assert not shown or (world.may(action.permission) and world.touches(name)), (action.slug, name)


@every_role
def test_asvs_8_2_2_a_call_is_taken_by_who_may_touch_its_account(world: World) -> None:
    for name, account in world.targets.items():
        path = reverse("admin:helpdesk_call", args=[account.pk])
        allowed = world.may("helpdesk.take_call") and world.touches(name)
        assert world.browser.get(path).status_code == (200 if allowed else 403), name
        before = picture()
        response = world.browser.post(path, {"do": "begin", "case_number": "INC-1042"})
        assert response.status_code == (302 if allowed else 403), name
        assert allowed or picture() == before, name


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
    allowed = world.may("helpdesk.approve_action")
    assert world.browser.get(path).status_code == (200 if allowed else 403)
    before = picture()
    assert world.browser.post(path, {"answer": "approve"}).status_code == (302 if allowed else 403)
    asked.refresh_from_db()
    assert asked.outcome == ("approved" if allowed else "")
    assert allowed or picture() == before
