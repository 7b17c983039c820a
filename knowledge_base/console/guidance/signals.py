"""What the other parts of the console may listen to."""

from __future__ import annotations

from django.dispatch import Signal

# Sent inside the transaction when what is served changes: sender (the model), instance (with the new content), removed (taken off).
guidance_published = Signal()
