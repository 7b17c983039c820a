from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    name = "knowledge_base.console.guidance"
    label = "guidance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from knowledge_base.console.guidance import publication  # noqa: F401  (its receivers)
