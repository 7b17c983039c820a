"""Beside an answer that was drafted from a document: the paragraph that it was made from."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel

from knowledge_base.console.exchange.documents import typed


class SourceParagraphPanel(Panel):
    """Shows the passage as it stands in the document, with its headings and page; nothing for answers of another origin."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "exchange/source_paragraph.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk) and self.instance.passages.exists()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            passages = self.instance.passages.select_related("document__source")
            context["passages"] = [{"passage": passage, "typed": typed(passage)} for passage in passages]
            return context
