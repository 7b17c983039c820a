"""Pages of this part below /accounts/."""

from __future__ import annotations

app_name = "accounts"
urlpatterns: list = []
