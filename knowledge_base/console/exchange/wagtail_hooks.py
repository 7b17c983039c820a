"""The exchange in the menu and in the list of figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.snippets import widgets

from knowledge_base.console.guidance.models import Figure


class _With(MenuItem):
    """An item for those with a permission."""

    def __init__(self, label: Any, name: str, permission: str, **kwargs: Any) -> None:
        super().__init__(label, reverse(f"exchange:{name}"), name=f"exchange-{name}", **kwargs)
        self.permission = permission

    def is_shown(self, request: Any) -> bool:
        return request.user.has_perm(self.permission)


@hooks.register("register_admin_menu_item")
def exchange_menu() -> MenuItem:
    menu = Menu(
        items=[
            _With(_("Change a figure"), "figures", "guidance.view_figure", icon_name="tag", order=1),
            _With(_("Tables"), "tables", "guidance.view_entry", icon_name="table", order=2),
            _With(_("Documents"), "documents", "guidance.view_entry", icon_name="doc-full", order=3),
            _With(_("Shipped guidance"), "shipped", "guidance.view_entry", icon_name="download", order=4),
        ]
    )
    return SubmenuMenuItem(_("Bring in, take out"), menu, name="exchange", icon_name="download", order=300)


@hooks.register("register_snippet_listing_buttons")
def change_value(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Any]:
    if isinstance(snippet, Figure) and user.has_perm("guidance.change_figure"):
        yield widgets.SnippetListingButton(
            _("Change the value"), reverse("exchange:figure", args=[snippet.pk]), icon_name="tag", priority=15
        )
