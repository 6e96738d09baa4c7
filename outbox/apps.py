from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = "Messages that leave"

    def ready(self) -> None:
        from accounts.registry import register_relocker
        from outbox.actions import lock_again

        register_relocker(lock_again)
