from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "Referrals"

    def ready(self) -> None:
        from families.packs.registry import register_pack_source
        from referrals import messages, packs

        messages.register()

        for source in packs.SOURCES:
            register_pack_source(source)
