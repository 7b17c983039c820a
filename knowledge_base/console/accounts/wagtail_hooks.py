"""The second factor in the menu, and a menu without what the console does not have."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea

from knowledge_base.console.accounts.ties import record_rights

# Pages, pictures and documents of Wagtail: there are none here.
_NOT_OURS = {"explorer", "images", "documents", "help"}


@hooks.register("register_settings_menu_item")
def second_factor_menu_item() -> MenuItem:
    return MenuItem(_("Second factor"), reverse("accounts:set_up_second_factor"), icon_name="key", order=900)


@hooks.register("register_admin_menu_item")
def guide_menu_item() -> MenuItem:
    return MenuItem(_("Help"), reverse("accounts:help"), name="guide", icon_name="help", order=20_000)


@hooks.register("insert_global_admin_css")
def both_directions() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("accounts/console.css"))


@hooks.register("insert_global_admin_js")
def what_wagtail_leaves_out() -> str:
    return format_html('<script src="{}" defer></script>', static("accounts/mending.js"))


@hooks.register("construct_search")
def find_answers_instead_of_pages(request: HttpRequest, areas: list[Any]) -> None:
    """The box in the menu looks for answers, and in lists of accounts for accounts; there are no pages, pictures or documents."""
    answers = SearchArea(_("Answers"), reverse("accounts:find"), name="answers", icon_name="help", order=1)
    areas[:] = [answers, *(area for area in areas if area.name == "users")]


@hooks.register("construct_main_menu")
def only_what_there_is(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in _NOT_OURS]


@hooks.register("construct_reports_menu")
def no_reports_on_pages(request: HttpRequest, items: list[Any]) -> None:
    # "Site history" would stand beside the audit log and tell less.
    of_wagtail = {"locked-pages", "workflows", "workflow-tasks", "aging-pages", "page-types-usage", "site-history"}
    items[:] = [item for item in items if item.name not in of_wagtail]


@hooks.register("construct_homepage_summary_items")
def no_count_of_pages(request: HttpRequest, items: list[Any]) -> None:
    items.clear()


@hooks.register("before_bulk_action")
def what_accounts_may(request: HttpRequest, action: str, objects: list[Any], view: Any) -> None:
    """Roles given and accounts switched on from the list go on record too, in the same transaction."""
    if view.model is get_user_model():
        view.before = {user.pk: (set(user.groups.values_list("name", flat=True)), user.is_active) for user in objects}


@hooks.register("after_bulk_action")
def what_accounts_may_now(request: HttpRequest, action: str, objects: list[Any], view: Any) -> None:
    if view.model is get_user_model():
        for user in get_user_model().objects.filter(pk__in=view.before):
            record_rights(request.user, user, view.before[user.pk])
