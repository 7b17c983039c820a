"""What can go wrong when a draft is tried: a child of the knowledge base's own family of errors."""

from __future__ import annotations

from knowledge_base.errors import KnowledgeError


class TryError(KnowledgeError):
    """A draft cannot be tried; the message names the draft, what is wrong with it, and what to do.

    `sentence` has the places of `values` as %(name)s, so that a page can say it in its reader's language.
    """

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence, self.values = sentence, values
