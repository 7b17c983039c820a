from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "knowledge_base.console.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
