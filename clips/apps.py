"""Films, clips and shared reviews tell the record what they add to it."""

from django.apps import AppConfig


class ClipsConfig(AppConfig):
    name = "clips"
    verbose_name = "Films, clips and shared reviews"

    def ready(self) -> None:
        from clips import consent, waiting
        from families import registry

        registry.register_holder(consent.changed)
        registry.register_tasks(waiting.films_to_mend)
        registry.register_tasks(waiting.copies_to_erase)
        registry.register_tasks(waiting.films_to_look_at)
        registry.register_timeline(waiting.films_of_case)
