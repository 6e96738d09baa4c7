from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People who work here"

    def ready(self) -> None:
        from accounts import signals
        from accounts.registry import SettingsPage, register_settings_page
        from accounts.roles import Permission

        signals.connect()
        register_settings_page(
            SettingsPage(
                "Safeguarding lead",
                "accounts:safeguarding-lead",
                "Who may keep a film as evidence and look at what is kept, and whom everybody asks",
                (Permission.MANAGE_TEAM, Permission.MANAGE_SETTINGS),
                order=40,
            )
        )
