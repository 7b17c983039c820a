"""Pages of this part below /reports/."""

from __future__ import annotations

app_name = "reports"
urlpatterns: list = []
