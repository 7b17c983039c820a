"""The forms of signing in and of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm
from wagtail.users.forms import UserCreationForm, UserEditForm

from knowledge_base.console.accounts.prepare import waits_for_first_sign_in
from knowledge_base.console.accounts.rights import staff_member
from knowledge_base.console.accounts.ties import confirm, record_rights
from knowledge_base.console.guidance.models import Administration
from knowledge_base.console.guidance.topics import language_name


class SignInForm(LoginForm):
    """Name and password; a one-time password that nobody used in time opens nothing."""

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        # The very first one is printed where the console was set up, and there may be nobody else to ask for another.
        if staff_member(user).one_time_is_over and not waits_for_first_sign_in():
            told = {"days": settings.ONE_TIME_PASSWORD_DAYS}
            raise ValidationError(
                _(
                    "This one-time password was given more than %(days)s days ago and holds no more. Ask a manager, or whoever runs the console, for a new one."
                ),
                code="one_time_is_over",
                params=told,
            )


class CodeForm(forms.Form):
    """The six digits that an app shows, or a code from the list kept for emergencies."""

    code = forms.CharField(
        label=_("Code from your app"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


# What a role may do, in the words of docs/staff-guide.md.
ROLE_WORDS = {
    "author": _("author: writes and changes answers, figures and sources, and submits them"),
    "translator": _("translator: changes translations in their languages; everything else is locked"),
    "reviewer": _("reviewer: approves or returns what others wrote"),
    "publisher": _("publisher: publishes, takes off, switches off and goes back at once, with a reason, on record"),
    "analyst": _("analyst: sees what people asked, and the reports"),
    "auditor": _("auditor: sees everything and changes nothing; reads the audit log"),
    "manager": _("manager: makes accounts, gives roles, administrations and languages"),
}


class _Roles(forms.ModelMultipleChoiceField):
    """Roles by what they may do, instead of the names of groups."""

    def label_from_instance(self, group: Group) -> str:
        return str(ROLE_WORDS[group.name])


class _Rights(forms.Form):
    groups = _Roles(
        label=_("Roles"),
        queryset=Group.objects.filter(name__in=ROLE_WORDS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One person may have several. Nobody approves what they wrote, whatever their roles."),
    )
    administrations = forms.MultipleChoiceField(
        label=_("Administrations"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )

    by: Any = None  # who fills the form in; the view says it

    def _offer(self) -> None:
        self.fields["administrations"].choices = [
            (item.key, str(item)) for item in Administration.objects.order_by("key")
        ]
        self.fields["languages"].choices = [(code, language_name(code)) for code in settings.GUIDANCE_LANGUAGES]
        # Superusers would pass by every rule of the console.
        self.fields.pop("is_superuser", None)

    def _keep(self, user: Any, before: tuple[set[str], bool] | None, password: bool = False) -> None:
        record_rights(
            self.by, user, before, password,
            administrations=self.cleaned_data["administrations"], languages=self.cleaned_data["languages"],
        )  # fmt: skip
        member = staff_member(user)
        member.administrations = self.cleaned_data["administrations"]
        member.languages = self.cleaned_data["languages"]
        member.save()


class NewMember(_Rights, UserCreationForm):
    """A new account: whoever makes it chooses a first password, which must be changed at the first sign-in."""

    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields - {"is_superuser"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer()
        for name in ("email", "first_name", "last_name"):
            self.fields[name].required = False

    def save(self, commit: bool = True) -> Any:
        user = super().save(commit)
        self._keep(user, before=None)
        staff_member(user).must_choose_a_password()
        return user


class Member(_Rights, UserEditForm):
    """An account that is there; a password that somebody else sets must be changed at the next sign-in."""

    confirmed = forms.BooleanField(
        label=_("I know the person, and nobody else uses this account"),
        required=False,
        help_text=_(
            "For a manager who did not make this account. Until then it approves nothing of who made it or gave it a role, "
            "and they nothing of its work."
        ),
    )

    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields - {"is_superuser"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.editing_self = kwargs.get("editing_self", False)
        super().__init__(*args, **kwargs)
        self._offer()
        if self.editing_self:
            self.fields.pop("confirmed")
        self._before = set(self.instance.groups.values_list("name", flat=True)), self.instance.is_active
        member = staff_member(self.instance)
        self.initial |= {"administrations": member.administrations, "languages": member.languages}
        for name in ("email", "first_name", "last_name"):
            self.fields[name].required = False

    def save(self, commit: bool = True) -> Any:
        user = super().save(commit)
        one_time = bool(self.cleaned_data.get("password1")) and not self.editing_self
        self._keep(user, self._before, one_time)
        if one_time:
            staff_member(user).must_choose_a_password()
        if self.cleaned_data.get("confirmed"):
            confirm(self.by, user)
        return user
