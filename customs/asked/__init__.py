"""What people asked, kept for staff without personal data: redaction, the store of turns, and the thread that writes it.

Channels write (`Recorder`), the staff console reads (`Store`): it lies here because both may import `customs` and neither the other.
"""

from customs.asked.database import StoreError
from customs.asked.recorder import Recorder
from customs.asked.redaction import redact
from customs.asked.store import Store
from customs.asked.turns import AskedTurn

__all__ = ["AskedTurn", "Recorder", "Store", "StoreError", "redact"]
