"""Rasa's own connectors for Messenger and WhatsApp, made fit for this assistant: docs/channels.md."""
