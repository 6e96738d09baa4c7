from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "families"
    verbose_name = "Families"

    def ready(self) -> None:
        from accounts.registry import AuditScope, register_audit_scope
        from families import registry, restriction, scopes, timeline, waiting

        register_audit_scope(
            AuditScope(
                families=scopes.families_managed_by, find=scopes.families_of_reference, case_url_name="families:case"
            )
        )

        for order, label, url_name in (
            (10, "Timeline", "families:case"),
            (20, "People", "families:people"),
            (60, "Consent", "families:consent"),
            (70, "Risk", "families:risk"),
            (95, "Access", "families:access"),
        ):
            registry.register_tab(registry.CaseTab(label, url_name, order))
        registry.register_header(restriction.header)
        for source in timeline.SOURCES:
            registry.register_timeline(source)
        for task_source in waiting.SOURCES:
            registry.register_tasks(task_source)
