"""What the queue's pages ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from customs.asked.turns import WAITING
from knowledge_base.asked.groups import DAY, Choice
from knowledge_base.asked.reports import OUTCOMES
from knowledge_base.console.guidance.models import Administration
from knowledge_base.console.guidance.topics import topics
from knowledge_base.console.unanswered.models import QuestionGroup

KINDS = dict(
    zip(
        WAITING,
        (_("no guidance"), _("not customs"), _("declined otherwise"), _("asked back"), _("thumbs down"),
         _("remark on the answer"), _("failed")),
    )
)
OUTCOME_NAMES = dict(
    zip(OUTCOMES, (_("answered"), _("calculated"), _("asked back"), _("declined"), _("handed over"), _("failed"))),
)
RATING_REASONS = {
    "wrong": _("wrong"), "outdated": _("out of date"), "unclear": _("unclear"), "no_answer": _("no answer to the question"),
}  # fmt: skip
ANY = ("", _("all"))
LANGUAGES = {
    "ar": "العربية", "en": "English", "es": "Español", "fr": "Français", "hi": "हिन्दी", "ru": "Русский", "ur": "اردو", "zh": "中文",
}  # fmt: skip
# As docs/channels.md names them; a question of Telegram's inline mode is asked from any chat.
CHANNELS = {
    "web": _("web chat"), "telegram": "Telegram", "telegram_inline": _("Telegram, from another chat"), "messenger": "Messenger",
    "whatsapp": "WhatsApp", "sms": _("text message"),
}  # fmt: skip
PERIODS = [("7", _("7 days")), ("30", _("30 days")), ("", _("all that is kept"))]


def administrations() -> list[tuple[str, str]]:
    """The administrations as choices, and "none" for questions in which no country is known."""
    return [*((one.key, str(one)) for one in Administration.objects.order_by("key")), ("none", str(_("none known")))]


class QueueFilter(forms.Form):
    """Which groups the queue shows."""

    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("waiting")), ("mine", _("waiting, mine")), ("drafted", _("answer being approved")), ("answered", _("answered")),
                 ("dismissed", _("dismissed"))],
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Why"), required=False, choices=[ANY, *KINDS.items()])
    administration = forms.ChoiceField(label=_("Administration"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[ANY, *LANGUAGES.items()])
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[ANY, *CHANNELS.items()])
    period = forms.ChoiceField(label=_("Period"), required=False, choices=PERIODS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["administration"].choices = [ANY, *administrations()]

    def choice(self) -> Choice:
        """The store's choice; what was not understood counts as all."""
        self.is_valid()
        wanted = self.cleaned_data

        def one(name: str) -> tuple[str, ...]:
            return (wanted[name],) if wanted.get(name) else ()

        days = wanted.get("period")
        since = clock.now().timestamp() - int(days) * DAY if days else None
        return Choice(one("kind"), one("administration"), one("language"), one("channel"), since)


class AssignForm(forms.Form):
    """To whom a group is given."""

    to = forms.ModelChoiceField(
        label=_("Assigned to"), required=False, queryset=get_user_model().objects.none(), empty_label=_("nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authors = get_user_model().objects.filter(is_active=True, groups__name="author").order_by("username")
        self.fields["to"].queryset = authors.distinct()


class DismissForm(forms.Form):
    """Why a group needs no answer."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "—"), *QuestionGroup.Reason.choices])
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class NewEntryForm(forms.Form):
    """What a new answer begins with."""

    administration = forms.ModelChoiceField(label=_("Administration"), queryset=Administration.objects.order_by("key"))
    topic = forms.ChoiceField(label=_("Topic"))
    title = forms.CharField(label=_("Title: the question as people ask it"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", "—"), *topics()]
