"""The queue in the menu, for those who may read it."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from knowledge_base.console.unanswered.pages import READ


class QueueMenuItem(MenuItem):
    """Shown to those who may read what people asked."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(READ)


@hooks.register("register_admin_menu_item")
def queue_menu_item() -> MenuItem:
    return QueueMenuItem(
        _("Unanswered"), reverse_lazy("unanswered:queue"), name="unanswered", icon_name="help", order=250
    )
