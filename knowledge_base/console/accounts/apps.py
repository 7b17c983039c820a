from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "knowledge_base.console.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    default = True

    def ready(self) -> None:
        from knowledge_base.console.accounts import signing_in  # noqa: F401  (its receivers)


class MembersConfig(WagtailUsersAppConfig):
    """Wagtail's accounts with our pages."""

    user_viewset = "knowledge_base.console.accounts.viewsets.Members"
    default = False
