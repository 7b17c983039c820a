"""What customs says, as staff keep it: the pack format as snippets with drafts, revisions and locks."""

from knowledge_base.console.guidance.models.administration import Administration, Contact
from knowledge_base.console.guidance.models.audit_row import AuditRow
from knowledge_base.console.guidance.models.base import Guidance
from knowledge_base.console.guidance.models.entry import Entry, EntrySource, Question, RelatedEntry, Translation
from knowledge_base.console.guidance.models.figure import Figure, FigureConflict, FigurePeriod
from knowledge_base.console.guidance.models.pack_file import PackFile
from knowledge_base.console.guidance.models.shipped import ShippedItem
from knowledge_base.console.guidance.models.source import Source

__all__ = [
    "Administration",
    "AuditRow",
    "Contact",
    "Entry",
    "EntrySource",
    "Figure",
    "FigureConflict",
    "FigurePeriod",
    "Guidance",
    "PackFile",
    "Question",
    "RelatedEntry",
    "ShippedItem",
    "Source",
    "Translation",
]
