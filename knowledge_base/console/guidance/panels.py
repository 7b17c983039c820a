"""The parts of the editor that Wagtail does not have: questions by language, what translations are stale, the state of things."""

from __future__ import annotations

import functools
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin import compare
from wagtail.admin.panels import Panel

from knowledge_base.console.guidance.models import Entry, Question

PREFIX = "questions_"


class QuestionsPanel(Panel):
    """One box a language, one question a line: fifty questions are one paste."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "guidance/panels/questions.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            context["boxes"] = [self.form[name] for name in self.form.fields if name.startswith(PREFIX)]
            return context

        def get_comparison(self) -> list[Any]:
            fields = [
                functools.partial(compare.FieldComparison, Question._meta.get_field("language")),
                functools.partial(compare.TextFieldComparison, Question._meta.get_field("text")),
            ]
            relation = Entry._meta.get_field("questions")
            return [functools.partial(compare.ChildRelationComparison, relation, fields, label=_("Questions"))]


class StatePanel(Panel):
    """What an author must know before writing: who may not see it yet, what is stale, what uses it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "guidance/panels/state.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            if isinstance(self.instance, Entry) and self.instance.pk:
                context["stale"] = self.instance.stale_translations()
            return context
