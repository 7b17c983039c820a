"""The box in which an answer is written: plain lines, figures from a picker, what readers will see beside it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse


class AnswerInput(forms.Textarea):
    """A text area with buttons for a list, a figure and a fixed text, and a live picture of the answer (static/guidance/answer.js)."""

    template_name = "guidance/widgets/answer.html"

    def __init__(self, language: str = "", attrs: dict[str, Any] | None = None) -> None:
        self.language = language
        super().__init__({"rows": 7, "class": "answer-input__text", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["preview_url"] = reverse("guidance:answer_preview")
        context["figures_url"] = reverse("guidance:figures")
        context["language"] = self.language
        return context

    class Media:
        css = {"all": ["guidance/answer.css"]}
        js = ["guidance/answer.js"]
