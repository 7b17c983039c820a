"""Pages of signing in below /accounts/."""

from __future__ import annotations

from django.urls import path

from knowledge_base.console.accounts import views

app_name = "accounts"
urlpatterns = [
    path("password/", views.password, name="password"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("second-factor/set-up/", views.set_up_second_factor, name="set_up_second_factor"),
    path("second-factor/off/", views.switch_off_second_factor, name="switch_off_second_factor"),
]
