"""What can go wrong when a draft is tried: a child of the knowledge base's own family of errors."""

from __future__ import annotations

from knowledge_base.errors import KnowledgeError


class TryError(KnowledgeError):
    """A draft cannot be tried; the message names the draft, what is wrong with it, and what to do."""
