from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = "My day"

    def ready(self) -> None:
        from desk import checks  # noqa: F401  registers what must be so before production starts
