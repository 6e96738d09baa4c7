from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "outcomes"
    verbose_name = "Helping questions and outcomes"

    def ready(self) -> None:
        from families import registry
        from outcomes import timeline

        registry.register_tab(registry.CaseTab("Helping questions", "outcomes:questions", 40))
        for source in timeline.SOURCES:
            registry.register_timeline(source)
