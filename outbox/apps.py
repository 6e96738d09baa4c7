from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = "Messages that leave"

    def ready(self) -> None:
        from accounts.registry import SettingsPage, register_relocker, register_settings_page
        from accounts.roles import Permission
        from outbox import checks, digest  # noqa: F401 — the checks register themselves
        from outbox.actions import lock_again

        digest.register()
        register_settings_page(
            SettingsPage(
                "Words of messages",
                "outbox:wordings",
                "What e-mails and text messages say, looked at as they arrive",
                (Permission.MANAGE_SETTINGS,),
            )
        )
        register_relocker(lock_again)
