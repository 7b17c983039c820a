"""Guidance in and out: values that staff paste, what a changed figure moves, spreadsheets, documents. Knows nothing of the console."""
