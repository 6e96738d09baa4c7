"""Films, clips and shared reviews tell the record what they add to it."""

from django.apps import AppConfig


class ClipsConfig(AppConfig):
    name = "clips"
    verbose_name = "Films, clips and shared reviews"

    def ready(self) -> None:
        from accounts.registry import SettingsPage, register_settings_page
        from accounts.roles import Permission
        from accounts.signals import signed_out_everywhere
        from clips import consent, cycles, keeping, packs, timeline, waiting
        from clips.evidence import reading as evidence
        from clips.reviews import leases
        from families import registry
        from families.packs.registry import register_pack_source
        from families.retention.registry import register_keeper

        registry.register_holder(consent.changed)
        register_keeper(keeping.FILMS)
        registry.register_tasks(waiting.films_to_mend)
        registry.register_tasks(waiting.copies_to_erase)
        registry.register_tasks(waiting.films_to_look_at)
        for pack_source in packs.SOURCES:
            register_pack_source(pack_source)
        registry.register_held(evidence.held_things)
        registry.register_tasks(evidence.to_do)
        registry.register_header(evidence.IN_HEADER)
        for source in (*timeline.SOURCES, *evidence.SOURCES):
            registry.register_timeline(source)
        registry.register_tab(registry.CaseTab("VIG cycles", "clips:cycles", 20))
        registry.register_tasks(cycles.steps_to_take)
        registry.register_tasks(cycles.review_films_to_look_at)
        signed_out_everywhere.connect(leases.on_signed_out_everywhere, dispatch_uid="clips.rooms")
        register_settings_page(
            SettingsPage(
                "Principles",
                "clips:principles",
                "The words that moments on film are tagged with, their keys and their order",
                (Permission.MANAGE_TEAM, Permission.MANAGE_SETTINGS),
                order=60,
            )
        )
