from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "knowledge_base.console.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from knowledge_base.console.publishing import outbox  # noqa: F401 - it listens to what is published
