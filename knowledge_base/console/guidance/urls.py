"""Pages of this part below /guidance/."""

from __future__ import annotations

app_name = "guidance"
urlpatterns: list = []
