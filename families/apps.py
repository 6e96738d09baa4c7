from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "families"
    verbose_name = "Families"

    def ready(self) -> None:
        from families import registry, timeline, waiting

        for order, label, url_name in (
            (10, "Timeline", "families:case"),
            (20, "People", "families:people"),
            (60, "Consent", "families:consent"),
            (70, "Risk", "families:risk"),
        ):
            registry.register_tab(registry.CaseTab(label, url_name, order))
        for source in timeline.SOURCES:
            registry.register_timeline(source)
        for task_source in waiting.SOURCES:
            registry.register_tasks(task_source)
