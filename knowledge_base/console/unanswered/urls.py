"""Pages of this part below /unanswered/."""

from __future__ import annotations

app_name = "unanswered"
urlpatterns: list = []
