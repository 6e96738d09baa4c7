from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = "Messages that leave"

    def ready(self) -> None:
        from accounts.registry import register_relocker
        from outbox import checks, digest  # noqa: F401 — the checks register themselves
        from outbox.actions import lock_again

        digest.register()
        register_relocker(lock_again)
