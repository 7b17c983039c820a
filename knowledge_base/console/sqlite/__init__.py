"""Django's SQLite with a search that takes small and large letters of every script as the same."""
