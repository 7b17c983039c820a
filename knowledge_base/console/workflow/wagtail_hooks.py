"""The way to the page of publishers, in the lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from knowledge_base.console.guidance.models import Guidance
from knowledge_base.console.workflow.alone import may_publish_alone


@hooks.register("register_snippet_listing_buttons")
def publish_alone_button(item: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(item, Guidance) and (item.live or item.has_unpublished_changes) and may_publish_alone(user, item):
        url = reverse("workflow:alone", args=[item._meta.model_name, item.pk])
        yield Button(_("Without a second person"), url, icon_name="warning", priority=90)
