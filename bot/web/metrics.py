"""What the web channel counts, in the form that Prometheus reads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.replies import Reply

CONTENT_TYPE = CONTENT_TYPE_LATEST
BUCKETS_S = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 25)
STAGE_BUCKETS_S = (0.001, 0.005, *BUCKETS_S)


class Metrics:
    """Turns by outcome and their seconds. Languages and administrations that are not served count as "other"."""

    def __init__(self, languages: Iterable[str], administrations: Iterable[str]) -> None:
        self.registry = CollectorRegistry()
        self._languages = frozenset(languages)
        self._administrations = frozenset(administrations)
        labels = ("outcome", "reason", "language", "administration", "channel")
        self._turns = Counter("customs_turns", "Turns by outcome.", labels, registry=self.registry)
        self._seconds = Histogram(
            "customs_turn_seconds",
            "Seconds from message to reply.",
            ("channel",),
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self._stages = Histogram(
            "customs_stage_seconds",
            "Seconds of a turn by stage: limits, claim (of the message), rasa, store.",
            ("stage", "channel"),
            buckets=STAGE_BUCKETS_S,
            registry=self.registry,
        )
        self._running = Gauge(
            "customs_turns_running", "Turns being answered now.", ("channel",), registry=self.registry
        )
        self._refused = Counter("customs_refused_requests", "Requests refused.", ("error",), registry=self.registry)

    def turn(self, reply: Reply, channel: str, seconds: float) -> None:
        """Count one turn."""
        language = reply.asker_language if reply.asker_language in self._languages else "other"
        administration = reply.administration or "none"
        if reply.administration and reply.administration not in self._administrations:
            administration = "other"
        self._turns.labels(reply.outcome, reply.reason or "", language, administration, channel).inc()
        self._seconds.labels(channel).observe(seconds)

    @contextmanager
    def stage(self, stage: str, channel: str) -> Iterator[None]:
        """Measure one stage of a turn."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._stages.labels(stage, channel).observe(time.perf_counter() - began)

    @contextmanager
    def running(self, channel: str) -> Iterator[None]:
        """Count a turn as running."""
        with self._running.labels(channel).track_inprogress():
            yield

    def watch_breaker(self, is_open: Callable[[], bool]) -> None:
        """Show whether Rasa is left alone at the moment."""
        gauge = Gauge(
            "customs_rasa_breaker_open", "1 while Rasa is not asked because it does not answer.", registry=self.registry
        )
        gauge.set_function(lambda: float(is_open()))

    def refused(self, error: str) -> None:
        """Count one refused request by its error code."""
        self._refused.labels(error).inc()

    def text(self) -> bytes:
        """The exposition."""
        return generate_latest(self.registry)
