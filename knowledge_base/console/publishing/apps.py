from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "knowledge_base.console.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"
