from django.apps import AppConfig


class UnansweredConfig(AppConfig):
    name = "knowledge_base.console.unanswered"
    label = "unanswered"
    default_auto_field = "django.db.models.BigAutoField"
