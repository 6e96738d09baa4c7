from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "families"
    verbose_name = "Families"

    def ready(self) -> None:
        from accounts.registry import (
            AuditScope,
            SettingsPage,
            register_audit_scope,
            register_keeper,
            register_settings_page,
        )
        from accounts.roles import Permission
        from accounts.signals import signed_out_everywhere
        from families import (
            consent_tasks,
            identity,
            loss,
            notes,
            protection,
            registry,
            restriction,
            risk,
            scopes,
            settings,
            signing,
            waiting,
            waiting_list,
        )
        from families.duty import messages as duty_messages
        from families.finding import keys
        from families.frame import FrameKind, leases, register_kind
        from families.in_touch import CONTACTS
        from families.merging import households, protections
        from families.models import Membership, Protection
        from families.packs import sources as pack_sources
        from families.packs.registry import register_pack_source
        from families.retention import keeping, showing
        from families.timeline import sources, writing
        from outbox.registry import register_rule

        register_audit_scope(
            AuditScope(
                families=scopes.families_managed_by, find=scopes.families_of_reference, case_url_name="families:case"
            )
        )
        keys.follow_the_record()
        registry.register_merge_rule(registry.MergeRule(reconcile=((Membership, households.one_place),)))
        registry.register_merge_rule(registry.MergeRule(reconcile=((Protection, protections.one_protection),)))
        registry.register_merge_rule(registry.MergeRule(veto=keeping.being_erased))
        registry.register_merge_rule(registry.MergeRule(veto=identity.never_one))
        register_rule(loss.why_not_sent)

        for order, label, url_name in (
            (10, "Timeline", "families:case"),
            (20, "People", "families:people"),
            (30, "Notes", "families:notes"),
            (60, "Consent", "families:consent"),
            (70, "Risk", "families:risk"),
            (75, "Tasks", "families:tasks"),
            (80, "Documents", "families:documents"),
            (95, "Access", "families:access"),
        ):
            registry.register_tab(registry.CaseTab(label, url_name, order))
        registry.register_header(restriction.IN_HEADER)
        register_keeper(restriction.last_manager)
        registry.register_header(protection.IN_HEADER)
        registry.register_header(waiting_list.IN_HEADER)
        registry.register_tasks(showing.to_look_at)
        for pack_source in pack_sources.SOURCES:
            register_pack_source(pack_source)
        for source in (*sources.SOURCES, *writing.SOURCES):
            registry.register_timeline(source)
        for task_source in (*waiting.SOURCES, *consent_tasks.SOURCES, notes.notes_to_sign):
            registry.register_tasks(task_source)
        register_settings_page(
            SettingsPage(
                "Consent wordings",
                "families:wordings",
                "What families are told before they decide about film, and how long a decision holds",
                (Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
            )
        )
        register_kind(FrameKind(signing.KIND, signing.in_frame))
        duty_messages.register()
        registry.register_header(risk.FLAGS_IN_HEADER)
        registry.register_action(registry.CaseAction("Add a task", "families:task-add", 60, "edit_cases"))
        register_settings_page(
            SettingsPage(
                "Duty alerts",
                "families:duty-rules",
                "When an alert goes to the deputy and to the managers; what is said when nobody is on duty",
                ("manage_team", "manage_settings"),
            )
        )
        signed_out_everywhere.connect(leases.on_signed_out_everywhere, dispatch_uid="families.frames")
        for page in settings.PAGES:
            register_settings_page(page)
        registry.register_in_touch(CONTACTS)
        registry.register_action(registry.CaseAction("Log a contact", "families:contact-log", 5, "edit_cases"))
        register_settings_page(
            SettingsPage(
                "Templates of notes",
                "families:note-templates",
                "The headings that notes begin with",
                ("manage_settings", "manage_team"),
            )
        )
