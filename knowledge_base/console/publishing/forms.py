"""What staff fill in to switch something off, to put up a notice and to go back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.guidance.models import Administration, Entry
from knowledge_base.console.guidance.topic_names import topic_name
from knowledge_base.console.guidance.topics import administration_called

CHANNELS = {
    "web": _("Web chat"), "telegram": _("Telegram"), "messenger": _("Messenger"), "whatsapp": _("WhatsApp"),
}  # fmt: skip
_MOST_NAMED = 8


class CommentForm(forms.Form):
    """Why somebody does it; it stays on record."""

    comment = forms.CharField(label=_("Why?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


def find_entry(text: str) -> str:
    """The id of the one published answer that `text` names by its id or by words of its title. Raises `ValidationError` naming the near ones."""
    live = Entry.objects.filter(live=True)
    if live.filter(key=text).exists():
        return text
    found = list(live.filter(title__icontains=text).values_list("key", "title")[: _MOST_NAMED + 1])
    if len(found) == 1:
        return found[0][0]
    if not found:
        raise ValidationError(_("No published answer has this id, or these words in its title."))
    named = "; ".join(f"{key} ({title})" for key, title in found[:_MOST_NAMED])
    raise ValidationError(_("Several answers fit. Copy the id of the one you mean: %(named)s"), params={"named": named})


def target_choices(user: Any, channels: bool) -> list[Any]:
    """Administrations, their topics and, for who works on all of them, channels, as groups of a choice."""
    live = Administration.objects.filter(live=True).order_by("key")
    names = {each.key: administration_called(each) for each in live if may_work_on(user, each.key)}
    rows = Entry.objects.filter(live=True).order_by("administration__key", "topic")
    topics = rows.values_list("administration__key", "topic").distinct()
    groups: list[Any] = [
        (_("A whole administration"), [(f"administration:{key}", name) for key, name in names.items()]),
        (_("A topic"), [(f"topic:{key}/{topic}", f"{topic_name(topic)} ({names[key]})") for key, topic in topics if key in names]),
    ]
    if channels:
        groups.append((_("A channel"), [(f"channel:{name}", label) for name, label in CHANNELS.items()]))
    return groups


class _TargetForm(forms.Form):
    answer = forms.CharField(
        label=_("One answer"), required=False, max_length=300, help_text=_("Its id, such as gb.alcohol.allowance, or words of its title."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.user = user

    def clean_answer(self) -> str:
        text = self.cleaned_data["answer"].strip()
        if not text:
            return ""
        key = find_entry(text)
        if not may_work_on(self.user, key.split(".", 1)[0]):
            raise ValidationError(_("This answer belongs to an administration that you do not work on."))
        return f"entry:{key}"


class SwitchOffForm(_TargetForm, CommentForm):
    """One thing to switch off, and why."""

    other = forms.ChoiceField(label=_("Or something larger"), required=False)
    field_order = ["answer", "other", "comment"]

    def __init__(self, *args: Any, user: Any, everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["other"].choices = [("", "—"), *target_choices(user, channels=everywhere)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = [cleaned[name] for name in ("answer", "other") if cleaned.get(name)]
        if len(chosen) != 1 and "answer" not in self.errors:
            raise ValidationError(_("Name one answer, or choose something larger; one of the two."))
        return cleaned | {"target": chosen[0] if chosen else ""}


class NoticeForm(_TargetForm):
    """An urgent notice: its words by language, where it is shown, and from when until when (UTC)."""

    others = forms.MultipleChoiceField(label=_("Or in all answers of"), required=False)
    start = forms.DateTimeField(
        label=_("From (UTC)"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )
    until = forms.DateTimeField(
        label=_("Until (UTC)"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )
    comment = forms.CharField(label=_("Why?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["others"].choices = target_choices(user, channels=False)
        self.fields["others"].widget.attrs["size"] = 8
        for language in settings.GUIDANCE_LANGUAGES:
            label = _("Words in: %(language)s") % {"language": language}
            area = forms.Textarea(attrs={"rows": 2, "lang": language, "dir": "auto"})
            self.fields[f"text_{language}"] = forms.CharField(
                label=label, required=language == "en", max_length=400, widget=area
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        targets = [*([cleaned["answer"]] if cleaned.get("answer") else []), *cleaned.get("others", [])]
        if not targets and "answer" not in self.errors:
            raise ValidationError(_("Say in which answers the notice is shown."))
        if cleaned.get("start") and cleaned.get("until") and cleaned["until"] <= cleaned["start"]:
            self.add_error("until", _("The notice would end before it begins."))
        return cleaned | {"targets": targets}

    def texts(self) -> dict[str, str]:
        return {
            name.removeprefix("text_"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("text_") and text
        }
