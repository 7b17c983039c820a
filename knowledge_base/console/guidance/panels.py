"""The parts of the editor that Wagtail does not have: questions by language, what translations are stale, the state of things."""

from __future__ import annotations

import functools
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.admin import compare
from wagtail.admin.panels import Panel, TabbedInterface

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


class EntryTabs(TabbedInterface):
    """The tabs of an answer. Wagtail adds at the end every field that no panel names; the questions' boxes would stand there twice."""

    class BoundPanel(TabbedInterface.BoundPanel):
        def render_missing_fields(self) -> SafeString:
            named = self.panel.get_form_options().get("fields", [])
            names = (name for name in self.form.fields if name not in named and not name.startswith(PREFIX))
            return mark_safe("".join(str(self.form[name]) for name in names))
