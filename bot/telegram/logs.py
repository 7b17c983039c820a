"""The bot's token stands in the address of every request: it must not reach a log."""

from __future__ import annotations

import logging


class HideToken(logging.Filter):
    """Replaces `token` in what a handler is about to write, tracebacks included."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True; the record is changed in place."""
        message = record.getMessage()
        if self.token in message:
            record.msg, record.args = message.replace(self.token, "<token>"), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = record.exc_text.replace(self.token, "<token>")
        return True


def keep_token_out_of_logs(token: str) -> None:
    """Hide `token` in all that the root logger's handlers write, and quieten the libraries that log addresses."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for handler in logging.getLogger().handlers:
        if token and not any(isinstance(one, HideToken) and one.token == token for one in handler.filters):
            handler.addFilter(HideToken(token))
