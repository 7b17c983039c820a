"""`customs serve`."""

from __future__ import annotations

import logging
import sys

import click

from customs.settings import Settings


def _logging(settings: Settings) -> None:
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True
    )
    # httpx writes the address of each request, and Telegram's holds the bot's token.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


@click.command(name="serve")
@click.argument("part", type=click.Choice(["actions", "chat", "telegram"]))
def command(part: str) -> None:
    """Start one PART of the service and run it until it is stopped.

    `make run` starts all of them together with the dialogue engine.
    """
    settings = Settings()
    _logging(settings)
    if part == "actions":
        from actions.server import run

        run(settings)
    elif part == "chat":
        import uvicorn

        from bot.web.app import create_app

        uvicorn.run(
            create_app(settings), host=settings.chat_host, port=settings.chat_port, log_config=None, access_log=False,
            server_header=False, proxy_headers=True, timeout_graceful_shutdown=20,
        )  # fmt: skip
    else:
        if not settings.telegram_token:
            click.echo("customs: set TELEGRAM_BOT_TOKEN to the token that @BotFather gave you.", err=True)
            sys.exit(1)
        from bot.telegram.polling import main

        main(settings)
