from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "knowledge_base.console.workflow"
    label = "workflow"
    default_auto_field = "django.db.models.BigAutoField"
