"""Publishing in the menu, and “Switch off” beside every answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.snippets.widgets import SnippetListingButton

from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.publishing.switch_views import may_switch
from knowledge_base.console.publishing.views import SEE


class _Seen(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SEE)


@hooks.register("register_admin_menu_item")
def publishing_menu() -> MenuItem:
    pages = (
        ("state", _("State"), "history"), ("releases", _("Releases"), "list-ul"), ("switches", _("Switches"), "cross"),
        ("notices", _("Urgent notices"), "warning"),
    )  # fmt: skip
    items = [
        _Seen(label, reverse(f"publishing:{name}"), name=f"publishing-{name}", icon_name=icon, order=number)
        for number, (name, label, icon) in enumerate(pages)
    ]
    return SubmenuMenuItem(_("Publishing"), Menu(items=items), name="publishing", icon_name="upload", order=700)


@hooks.register("register_snippet_listing_buttons")
def switch_off_button(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[SnippetListingButton]:
    if isinstance(snippet, Entry) and snippet.live and may_switch(user, f"entry:{snippet.key}"):
        url = f"{reverse('publishing:switches')}?{urlencode({'answer': snippet.key})}"
        yield SnippetListingButton(_("Switch off"), url, icon_name="cross", priority=90)
