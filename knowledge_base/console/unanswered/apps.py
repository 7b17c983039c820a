from django.apps import AppConfig


class UnansweredConfig(AppConfig):
    name = "knowledge_base.console.unanswered"
    label = "unanswered"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from knowledge_base.console.guidance.signals import guidance_published
        from knowledge_base.console.unanswered.following import entry_published

        guidance_published.connect(entry_published, dispatch_uid="unanswered")
