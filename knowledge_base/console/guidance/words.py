"""Fields for lists and for words by language that staff type one a line."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


def _area(value: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": value})


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=_area(3), strip=False, **{k: v for k, v in kwargs.items() if k in _COMMON})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines()]
        return [line for line in lines if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != [line.strip() for line in (data or "").splitlines() if line.strip()]


class WordsField(forms.CharField):
    """Words by language, “en: Great Britain”, one language a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=_area(2), strip=False, **{k: v for k, v in kwargs.items() if k in _COMMON})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{language}: {words}" for language, words in value.items()) if isinstance(value, dict) else value

    def clean(self, value: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in (super().clean(value) or "").splitlines():
            if not line.strip():
                continue
            language, colon, words = (part.strip() for part in line.partition(":"))
            if not colon or not words or not _LANGUAGE.fullmatch(language):
                raise ValidationError(_("“%(line)s” has no language: write “en: words”."), params={"line": line.strip()[:80]})
            if language in found:
                raise ValidationError(_("The language %(language)s stands there twice."), params={"language": language})
            found[language] = words
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial or {}) or "").strip() != (data or "").replace("\r\n", "\n").strip()


_COMMON = {"required", "label", "help_text", "initial", "disabled"}


class _Json(models.JSONField):
    """A JSON column with another form field; to migrations it is the plain column that it is."""

    form_field: type[forms.Field] = forms.JSONField

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        options = {"required": not self.blank, "label": self.verbose_name, "help_text": self.help_text}
        options |= {key: value for key, value in kwargs.items() if key in _COMMON}
        return self.form_field(**options)


class Lines(_Json):
    """A list of texts."""

    form_field = LinesField


class Words(_Json):
    """Words by language."""

    form_field = WordsField
