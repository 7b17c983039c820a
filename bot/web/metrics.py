"""What the web channel counts, in the form that Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.replies import Reply

CONTENT_TYPE = CONTENT_TYPE_LATEST
BUCKETS_S = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 25)


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
        self._refused = Counter("customs_refused_requests", "Requests refused.", ("error",), registry=self.registry)

    def turn(self, reply: Reply, channel: str, seconds: float) -> None:
        """Count one turn."""
        language = reply.language if reply.language in self._languages else "other"
        administration = reply.administration or "none"
        if reply.administration and reply.administration not in self._administrations:
            administration = "other"
        self._turns.labels(reply.outcome, reply.reason or "", language, administration, channel).inc()
        self._seconds.labels(channel).observe(seconds)

    def refused(self, error: str) -> None:
        """Count one refused request by its error code."""
        self._refused.labels(error).inc()

    def text(self) -> bytes:
        """The exposition."""
        return generate_latest(self.registry)
