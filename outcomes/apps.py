from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "outcomes"
    verbose_name = "Helping questions and outcomes"

    def ready(self) -> None:
        from families import registry
        from outcomes import critical, timeline

        registry.register_tab(registry.CaseTab("Helping questions", "outcomes:questions", 40))
        registry.register_tab(registry.CaseTab("Goals and measures", "outcomes:goals", 50))
        registry.register_header(critical.IN_HEADER)
        registry.register_tasks(critical.to_act_on)
        for source in timeline.SOURCES:
            registry.register_timeline(source)
