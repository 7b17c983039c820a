from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "knowledge_base.console.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"
