from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "knowledge_base.console.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
