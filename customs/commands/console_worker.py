"""`customs console-worker`."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import click

from customs.settings import Settings

log = logging.getLogger(__name__)
_LOOK_AGAIN_S = 2.0


@click.command(name="console-worker")
@click.option("--once", is_flag=True, help="Publish what waits and stop; for a timer.")
def command(once: bool) -> None:
    """Serve what the console published, and carry out what is scheduled there. `make console` starts it.

    Several may run; one works, and another takes over when it ends. While the encoder or the first release is being made, it waits.
    """
    import django

    settings = Settings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_base.console.settings")
    django.setup()
    from customs.commands.publish import make_publisher
    from knowledge_base.console.publishing.worker import Worker

    if once:
        Worker(make_publisher(settings)).turn()
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    publisher = when_ready(settings, lambda: make_publisher(settings), stop)
    if publisher is not None:
        worker = Worker(publisher)
        worker.stop = stop
        worker.run()


def when_ready(settings: Settings, make: Callable[[], Any], stop: threading.Event) -> Any:
    """What `make` makes, once nobody prepares the knowledge and the encoder can be loaded; None when `stop` was set before."""
    from customs.bootstrap_knowledge import making
    from knowledge_base.index.encoder import EncoderError

    told = ""
    while not stop.is_set():
        why, now = "", making(settings.var_dir)
        if now and not now.failed:
            why = f"the {now.step} is being made"
        else:
            try:
                return make()
            except EncoderError as error:
                why = str(error)
        if why != told:
            log.warning("publishing waits: %s", why)
            told = why
        stop.wait(_LOOK_AGAIN_S)
    return None
