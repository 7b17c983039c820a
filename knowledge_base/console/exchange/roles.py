"""Who may bring in tables and documents."""

from __future__ import annotations

PERMISSIONS = {
    "author": ["exchange.bring_tables", "exchange.bring_documents"],
    "translator": ["exchange.bring_tables"],  # translations and questions in their languages, nothing else
}
