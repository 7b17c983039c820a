"""A second name of one person is no second person: who made an account, or gave it a role, does not approve with it or for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from knowledge_base.console.accounts.prepare import new_password
from knowledge_base.console.guidance.models import AuditRow, Guidance
from tests.console.forms import form_of
from tests.console.workflow.acts import Browse, Person, change, decide, is_new, submit

pytestmark = pytest.mark.django_db
OWN = "bruised-otter-lamp"
TIED = "made or given a role"


def roles(*names: str) -> list[int]:
    return list(Group.objects.filter(name__in=names).values_list("pk", flat=True))


@pytest.fixture
def makes(browse: Browse) -> Any:
    """makes(manager, "vera", "reviewer"): an account made on the manager's page."""

    def make(manager: User, name: str, *given: str) -> User:
        data = {
            "username": name,
            "password1": OWN + "x",
            "password2": OWN + "x",
            "groups": roles(*given),
            "is_active": "on",
        }
        assert browse(manager).post("/users/new/", data).status_code == 302
        return User.objects.get(username=name)

    return make


@pytest.fixture
def changes(browse: Browse) -> Any:
    """changes(manager, user, groups=[…]): the account's page saved with other values."""

    def save(manager: User, user: User, **other: Any) -> None:
        page = f"/users/edit/{user.pk}/"
        data = form_of(browse(manager), page) | {"groups": list(user.groups.values_list("pk", flat=True))} | other
        assert browse(manager).post(page, data).status_code == 302, page

    return save


def test_who_made_the_account_has_nothing_approved_with_it(item: Guidance, person: Person, makes: Any) -> None:
    mia = person("mia", "manager", "author")
    double = makes(mia, "double", "reviewer")
    change(item, mia)
    submit(item, mia)
    with pytest.raises(PermissionDenied, match=TIED):
        decide(item, double)
    with pytest.raises(PermissionDenied, match=TIED):
        decide(item, double, "reject", "no")
    decide(item, person("vera", "reviewer"))
    assert is_new(item)


def test_nor_does_the_maker_approve_what_the_made_account_wrote(item: Guidance, person: Person, makes: Any) -> None:
    mia = person("mia", "manager", "reviewer")
    double = makes(mia, "double", "author")
    change(item, double)
    submit(item, double)
    with pytest.raises(PermissionDenied, match=TIED):
        decide(item, mia)
    assert not is_new(item)


def test_an_account_that_is_there_and_is_given_the_role_is_tied_too(
    item: Guidance, person: Person, changes: Any
) -> None:
    mia, other = person("mia", "manager", "author"), person("other", "analyst")
    changes(mia, other, groups=roles("analyst", "reviewer"))
    change(item, mia)
    submit(item, mia)
    with pytest.raises(PermissionDenied, match=TIED):
        decide(item, User.objects.get(pk=other.pk))


@pytest.mark.parametrize("act", ["password", "activated"])
def test_so_is_one_that_was_given_a_password_or_switched_on(
    item: Guidance, person: Person, changes: Any, act: str
) -> None:
    mia, vera = person("mia", "manager", "author"), person("vera", "reviewer")
    if act == "password":
        changes(mia, vera, password1=OWN + "y", password2=OWN + "y")
    else:
        User.objects.filter(pk=vera.pk).update(is_active=False)
        changes(mia, User.objects.get(pk=vera.pk), is_active="on")
    change(item, mia)
    submit(item, mia)
    with pytest.raises(PermissionDenied, match=TIED):
        decide(item, User.objects.get(pk=vera.pk))


def test_saving_the_page_without_giving_anything_ties_nobody(item: Guidance, person: Person, changes: Any) -> None:
    mia, vera = person("mia", "manager", "author"), person("vera", "reviewer")
    changes(mia, vera, first_name="Vera", languages=["en"])
    change(item, mia)
    submit(item, mia)
    decide(item, vera)
    assert is_new(item)


@pytest.mark.parametrize(("action", "given"), [("assign_role", "role"), ("set_active_state", "mark_as_active")])
def test_the_list_s_own_way_of_giving_goes_on_record_and_ties(
    item: Guidance, person: Person, browse: Browse, action: str, given: str
) -> None:
    mia = person("mia", "manager", "author")
    other = person("other", "analyst" if action == "assign_role" else "reviewer")
    if action == "set_active_state":
        User.objects.filter(pk=other.pk).update(is_active=False)
    value = roles("reviewer")[0] if action == "assign_role" else "True"
    page = f"{reverse('wagtail_bulk_action', args=['auth', 'user', action])}?id={other.pk}&next=/users/"
    browse(mia).post(page, {given: value})
    row = AuditRow.objects.filter(action="account.rights", key=other.pk).latest("pk")
    assert row.name == "mia" and (row.details["given"] == ["reviewer"] or row.details["activated"])
    change(item, mia)
    submit(item, mia)
    with pytest.raises(PermissionDenied, match=TIED):
        decide(item, User.objects.get(pk=other.pk))


def test_one_who_wrote_only_a_part_is_enough(item: Guidance, person: Person, makes: Any) -> None:
    mia, ann = person("mia", "manager", "author"), person("ann", "author")
    double = makes(mia, "double", "reviewer")
    change(item, mia, "Perhaps")
    change(item, ann)
    submit(item, ann)
    with pytest.raises(PermissionDenied, match=TIED):
        decide(item, double)


def test_others_work_is_approved_with_it_as_ever(item: Guidance, person: Person, makes: Any) -> None:
    mia, ann = person("mia", "manager", "author"), person("ann", "author")
    double = makes(mia, "double", "reviewer")
    change(item, ann)
    submit(item, ann)
    decide(item, double)
    assert is_new(item)


def test_another_manager_confirms_the_account(item: Guidance, person: Person, makes: Any, changes: Any) -> None:
    mia, max_ = person("mia", "manager", "author"), person("max", "manager")
    vera = makes(mia, "vera", "reviewer")
    change(item, mia)
    submit(item, mia)
    changes(max_, vera, confirmed="on")
    assert AuditRow.objects.filter(action="account.confirm", name="max", key=vera.pk).exists()
    decide(item, vera)
    assert is_new(item)


def test_the_maker_or_a_manager_of_their_making_confirms_nothing(
    item: Guidance, person: Person, makes: Any, changes: Any
) -> None:
    mia = person("mia", "manager", "author")
    vera, third = makes(mia, "vera", "reviewer"), makes(mia, "third", "manager")
    third.staff_member.must_change_password = False
    third.staff_member.save()
    change(item, mia)
    submit(item, mia)
    for manager in (mia, third):
        changes(manager, vera, confirmed="on")
        with pytest.raises(PermissionDenied, match=TIED):
            decide(item, vera)


def test_what_is_given_after_the_confirmation_ties_again(
    item: Guidance, person: Person, makes: Any, changes: Any
) -> None:
    mia, max_ = person("mia", "manager", "author"), person("max", "manager")
    vera = makes(mia, "vera", "reviewer")
    changes(max_, vera, confirmed="on")
    changes(mia, vera, password1=OWN + "z", password2=OWN + "z")
    change(item, mia)
    submit(item, mia)
    with pytest.raises(PermissionDenied, match=TIED):
        decide(item, vera)


def test_nobody_confirms_their_own_account(person: Person, browse: Browse) -> None:
    mia, other = person("mia", "manager"), person("other", "analyst")
    assert b'name="confirmed"' not in browse(mia).get(f"/users/edit/{mia.pk}/").content
    assert b'name="confirmed"' in browse(mia).get(f"/users/edit/{other.pk}/").content


def test_the_operator_s_one_time_password_makes_it_somebody_else_s(item: Guidance, person: Person, makes: Any) -> None:
    mia = person("mia", "manager", "author")
    vera = makes(mia, "vera", "reviewer")
    new_password("vera")
    change(item, mia)
    submit(item, mia)
    decide(item, vera)
    assert is_new(item)
