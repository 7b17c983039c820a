"""`customs console-worker`."""

from __future__ import annotations

import logging
import os
import signal

import click

from customs.settings import Settings


@click.command(name="console-worker")
@click.option("--once", is_flag=True, help="Publish what waits and stop; for a timer.")
def command(once: bool) -> None:
    """Serve what the console published, and carry out what is scheduled there. `make console` starts it.

    Several may run; one works, and another takes over when it ends.
    """
    import django

    settings = Settings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_base.console.settings")
    django.setup()
    from customs.commands.publish import make_publisher
    from knowledge_base.console.publishing.worker import Worker

    worker = Worker(make_publisher(settings))
    if once:
        worker.turn()
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    worker.run()
