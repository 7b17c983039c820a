"""What the web channel needs beyond the connection settings: limits and retention, each with its default."""

from __future__ import annotations

from dataclasses import dataclass

from bot.breaker import FAILURES, REST_S
from customs.settings import Settings


@dataclass(frozen=True)
class Options:
    """Limits of the web channel. Rates are in the notation of the `limits` library, sizes in bytes."""

    rate_conversation: str = "30/minute"
    # Many people share one address behind an airport's or a company's network.
    rate_address: str = "1200/minute"
    # Where rates are counted; replicas share one, as `redis://host:6379`.
    rate_storage: str = "memory://"
    transcript_days: int = 30
    breaker_failures: int = FAILURES
    breaker_rest_s: float = REST_S
    # A pasted page of 20,000 characters, in Arabic too, is cut and answered, not refused.
    max_json_bytes: int = 128 * 1024
    # The same characters are up to three times longer in a form (percent encoding) than in JSON.
    max_form_bytes: int = 384 * 1024

    @classmethod
    def of(cls, settings: Settings) -> Options:
        """The options, with those that the settings table knows taken from there."""
        names = ("rate_conversation", "rate_address", "rate_storage", "transcript_days")
        return cls(**{name: getattr(settings, name) for name in names if hasattr(settings, name)})
