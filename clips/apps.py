"""Films, clips and shared reviews tell the record what they add to it."""

from django.apps import AppConfig


class ClipsConfig(AppConfig):
    name = "clips"
    verbose_name = "Films, clips and shared reviews"

    def ready(self) -> None:
        from clips import consent
        from families import registry

        registry.register_holder(consent.changed)
