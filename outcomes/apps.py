from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "outcomes"
    verbose_name = "Helping questions and outcomes"

    def ready(self) -> None:
        from accounts.registry import SettingsPage, register_settings_page
        from accounts.roles import Permission
        from families import frame, registry
        from families.packs.registry import register_pack_source
        from outbox.registry import register_kind, register_rule, register_words
        from outcomes import critical, packs, timeline
        from outcomes.actions import links
        from outcomes.views.together import KIND, in_frame

        registry.register_tab(registry.CaseTab("Helping questions", "outcomes:questions", 40))
        registry.register_tab(registry.CaseTab("Goals and measures", "outcomes:goals", 50))
        register_settings_page(
            SettingsPage(
                "Measures",
                "outcomes:measures",
                "Which questionnaires and scales are used, their wording, cut-offs and licences",
                (Permission.MANAGE_SETTINGS, Permission.MANAGE_TEAM),
            )
        )
        register_settings_page(
            SettingsPage(
                "What families said",
                "outcomes:experience",
                "How families found your teams, asked at the ending",
                (Permission.MANAGE_TEAM,),
                90,
            )
        )
        register_kind(links.KIND, links.write, label="Link to questions")
        example = {"link": "https://…/q/…", "until": "11 December"}
        register_words(links.KIND, label="Link to questions", folder="outcomes/outbox/link", example=example)
        register_words(
            links.DISCREET,
            label="Link to questions, in discreet words",
            folder="outcomes/outbox/link-discreet",
            example=example,
            discreet=True,
        )
        register_rule(links.why_not_now)
        frame.register_kind(frame.FrameKind(KIND, in_frame))
        registry.register_header(critical.IN_HEADER)
        registry.register_tasks(critical.to_act_on)
        for pack_source in packs.SOURCES:
            register_pack_source(pack_source)
        for source in timeline.SOURCES:
            registry.register_timeline(source)
