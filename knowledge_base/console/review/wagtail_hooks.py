"""The way to the review: in the menu, on the home page, in the lists; and the script of the panel in the editor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.snippets.widgets import SnippetListingButton

from knowledge_base.console.accounts.rights import is_in
from knowledge_base.console.guidance.models import Guidance
from knowledge_base.console.review.requests import waiting_for


class _ForReviewers(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return is_in(request.user, "reviewer")


@hooks.register("register_admin_menu_item")
def review_menu_item() -> MenuItem:
    return _ForReviewers(_("To be approved"), reverse("review:waiting"), name="review", icon_name="tasks", order=150)


class WaitingPanel(Component):
    """What waits for who is signed in, each with the way to its review."""

    name = "review_waiting"
    template_name = "review/panel.html"
    order = 150

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request = parent_context["request"]
        return {"waiting": waiting_for(request.user), "request": request}


@hooks.register("construct_homepage_panels")
def waiting_panel(request: HttpRequest, panels: list[Any]) -> None:
    # Wagtail's own panel approves without showing what: this one stands in its place.
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") != "workflow_objects_to_moderate"]
    panels.append(WaitingPanel())


@hooks.register("register_snippet_listing_buttons")
def review_button(item: Any, user: Any, next_url: str | None = None) -> Iterator[Any]:
    if not isinstance(item, Guidance):
        return
    kind = item._meta.model_name
    if item.has_unpublished_changes or item.workflow_in_progress:
        yield SnippetListingButton(
            _("What changes"), reverse("review:review", args=[kind, item.pk]), icon_name="view", priority=11
        )
    yield SnippetListingButton(_("Try it"), reverse("review:try", args=[kind, item.pk]), icon_name="help", priority=12)


@hooks.register("insert_global_admin_css")
def look_of_the_review() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("review/review.css"))


@hooks.register("insert_global_admin_js")
def script_of_the_review() -> str:
    return format_html('<script src="{}" defer></script>', static("review/review.js"))
