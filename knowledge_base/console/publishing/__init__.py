"""From what is approved to what is served: outbox, releases, roll back, switches, notices."""
