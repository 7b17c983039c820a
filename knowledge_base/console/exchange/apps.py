from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "knowledge_base.console.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
