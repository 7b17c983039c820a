"""Pages of this part below /unanswered/."""

from __future__ import annotations

from django.urls import path

from knowledge_base.console.unanswered import acting, drafting, views

app_name = "unanswered"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("merge/", acting.merge, name="merge"),
    path("conversation/<str:turn>/", views.conversation, name="conversation"),
    path("<slug:key>/", views.group, name="group"),
    path("<slug:key>/assign/", acting.assign, name="assign"),
    path("<slug:key>/dismiss/", acting.dismiss, name="dismiss"),
    path("<slug:key>/reopen/", acting.reopen, name="reopen"),
    path("<slug:key>/take-out/", acting.take_out, name="take_out"),
    path("<slug:key>/new-answer/", drafting.new_entry, name="new_entry"),
    path("<slug:key>/add-wordings/", drafting.add_wordings, name="add_wordings"),
]
