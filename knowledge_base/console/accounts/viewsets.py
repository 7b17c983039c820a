"""Accounts in the menu: who may come in, with which roles, for which administrations and languages."""

from __future__ import annotations

from typing import Any

from wagtail.users.views.users import CreateView, EditView, UserViewSet

from knowledge_base.console.accounts.forms import Member, NewMember


class _SaysWho:
    def save_instance(self) -> Any:
        self.form.by = self.request.user  # type: ignore[attr-defined]
        return super().save_instance()  # type: ignore[misc]


class NewMemberView(_SaysWho, CreateView):
    """A new account, on record with who made it."""


class MemberView(_SaysWho, EditView):
    """An account that is there, changes on record with who made them."""


class Members(UserViewSet):
    """Wagtail's pages of accounts with our forms: no superusers, rights by administration and language."""

    add_view_class = NewMemberView
    edit_view_class = MemberView

    def get_form_class(self, for_update: bool = False) -> Any:
        return Member if for_update else NewMember
