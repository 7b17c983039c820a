"""The two databases of turns."""

from tests.customs.asked.conftest import emptied, place, postgresql  # noqa: F401 - fixtures
