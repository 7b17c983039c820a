"""Who may bring in tables, documents and shipped guidance."""

from __future__ import annotations

PERMISSIONS = {
    "author": ["exchange.bring_tables", "exchange.bring_documents", "exchange.bring_shipped"],
    "translator": ["exchange.bring_tables"],  # translations and questions in their languages, nothing else
}
