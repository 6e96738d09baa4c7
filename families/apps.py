from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "families"
    verbose_name = "Families"

    def ready(self) -> None:
        from accounts.registry import AuditScope, register_audit_scope
        from accounts.signals import signed_out_everywhere
        from families import consent_tasks, registry, scopes, waiting
        from families.finding import keys
        from families.frame import leases
        from families.timeline import sources

        register_audit_scope(
            AuditScope(
                families=scopes.families_managed_by, find=scopes.families_of_reference, case_url_name="families:case"
            )
        )
        keys.follow_the_record()

        for order, label, url_name in (
            (10, "Timeline", "families:case"),
            (20, "People", "families:people"),
            (60, "Consent", "families:consent"),
            (70, "Risk", "families:risk"),
        ):
            registry.register_tab(registry.CaseTab(label, url_name, order))
        for source in sources.SOURCES:
            registry.register_timeline(source)
        for task_source in (*waiting.SOURCES, *consent_tasks.SOURCES):
            registry.register_tasks(task_source)
        signed_out_everywhere.connect(leases.on_signed_out_everywhere, dispatch_uid="families.frames")
