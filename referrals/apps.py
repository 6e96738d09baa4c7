from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "Referrals"

    def ready(self) -> None:
        from accounts.registry import SettingsPage, register_settings_page
        from accounts.roles import Permission
        from families.packs.registry import register_pack_source
        from families.registry import register_tasks, register_timeline
        from referrals import messages, packs, timeline, waiting

        messages.register()
        register_tasks(waiting.to_decide)
        for row in timeline.SOURCES:
            register_timeline(row)
        for source in packs.SOURCES:
            register_pack_source(source)
        register_settings_page(
            SettingsPage(
                "Referrals",
                "referrals:settings",
                "Whom you take on and where, reasons, other services, and what the public pages say",
                (Permission.MANAGE_TEAM, Permission.MANAGE_SETTINGS),
                order=15,
            )
        )
