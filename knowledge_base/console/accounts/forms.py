"""The forms of signing in and of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm

from knowledge_base.console.accounts.rights import staff_member
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.models import Administration
from knowledge_base.console.guidance.topics import language_name


class CodeForm(forms.Form):
    """The six digits that an app shows, or a code from the list kept for emergencies."""

    code = forms.CharField(
        label=_("Code from your app"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class _Rights(forms.Form):
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

    def _keep(self, user: Any) -> None:
        record(
            self.by, "account.rights", user, roles=sorted(user.groups.values_list("name", flat=True)),
            administrations=self.cleaned_data["administrations"], languages=self.cleaned_data["languages"], active=user.is_active,
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
        self._keep(user)
        member = staff_member(user)
        member.must_change_password = True
        member.save()
        return user


class Member(_Rights, UserEditForm):
    """An account that is there; a password that somebody else sets must be changed at the next sign-in."""

    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields - {"is_superuser"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.editing_self = kwargs.get("editing_self", False)
        super().__init__(*args, **kwargs)
        self._offer()
        member = staff_member(self.instance)
        self.initial |= {"administrations": member.administrations, "languages": member.languages}
        for name in ("email", "first_name", "last_name"):
            self.fields[name].required = False

    def save(self, commit: bool = True) -> Any:
        user = super().save(commit)
        self._keep(user)
        if self.cleaned_data.get("password1") and not self.editing_self:
            member = staff_member(user)
            member.must_change_password = True
            member.save()
        return user
