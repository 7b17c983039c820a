"""Pages of this part below /exchange/."""

from __future__ import annotations

from django.urls import path

from knowledge_base.console.exchange.views import documents, figures, shipped, tables

app_name = "exchange"
urlpatterns = [
    path("figures/", figures.choose, name="figures"),
    path("figures/<int:pk>/", figures.change, name="figure"),
    path("figure-changes/<int:pk>/", figures.shown, name="figure_change"),
    path("tables/", tables.tables, name="tables"),
    path("tables/export/", tables.export, name="export"),
    path("tables/<int:pk>/", tables.table, name="table"),
    path("tables/<int:pk>/mark", tables.table_mark, name="table_mark"),
    path("shipped/", shipped.shipped, name="shipped"),
    path("shipped/<int:pk>/", shipped.look, name="shipped_look"),
    path("shipped/<int:pk>/mark", shipped.look_mark, name="shipped_mark"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<int:pk>/", documents.document, name="document"),
]
