"""Pages of the exchange: figures, tables, documents, shipped guidance."""
