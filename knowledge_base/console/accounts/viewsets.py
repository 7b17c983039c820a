"""Accounts in the menu: who may come in, with which roles, for which administrations and languages."""

from __future__ import annotations

from typing import Any

from wagtail.users.views.users import UserViewSet

from knowledge_base.console.accounts.forms import Member, NewMember


class Members(UserViewSet):
    """Wagtail's pages of accounts with our forms: no superusers, rights by administration and language."""

    template_prefix = "accounts/users/"

    def get_form_class(self, for_update: bool = False) -> Any:
        return Member if for_update else NewMember
