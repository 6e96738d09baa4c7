from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People who work here"

    def ready(self) -> None:
        from accounts import signals

        signals.connect()
