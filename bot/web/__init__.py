"""The web channel: the chat page, with and without JavaScript, and the chat API."""
