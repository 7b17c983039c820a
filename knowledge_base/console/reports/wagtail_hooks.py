"""The reports in the menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from knowledge_base.console.reports.views import READ


class ReportsMenuItem(MenuItem):
    """Shown to those who may read reports."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(READ)


def _item(text: Any, page: str, name: str, icon: str, order: int) -> MenuItem:
    return ReportsMenuItem(text, reverse_lazy(page), name=name, icon_name=icon, order=order)


@hooks.register("register_admin_menu_item")
def overview_menu_item() -> MenuItem:
    return _item(_("Figures of use"), "reports:overview", "use", "table", 260)


@hooks.register("register_admin_menu_item")
def curation_menu_item() -> MenuItem:
    return _item(_("Reviews due"), "reports:curation", "reviews-due", "calendar-alt", 270)
