from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    name = "knowledge_base.console.guidance"
    label = "guidance"
    default_auto_field = "django.db.models.BigAutoField"
