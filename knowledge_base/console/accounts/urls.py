"""Pages of signing in below /accounts/."""

from __future__ import annotations

from django.urls import path

from knowledge_base.console.accounts import guide, views

app_name = "accounts"
urlpatterns = [
    path("find/", views.find, name="find"),
    path("help/", guide.guide, name="help"),
    path("help/images/<str:name>", guide.picture, name="help_picture"),
    path("help/<slug:name>/", guide.guide, name="help_page"),
    path("password/", views.password, name="password"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("second-factor/set-up/", views.set_up_second_factor, name="set_up_second_factor"),
    path("second-factor/off/", views.switch_off_second_factor, name="switch_off_second_factor"),
]
