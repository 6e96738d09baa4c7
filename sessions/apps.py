from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """The diary. Its label is its own: ``sessions`` is taken by django.contrib.sessions."""

    name = "sessions"
    label = "vig_sessions"
    verbose_name = "Sessions and cycles"

    def ready(self) -> None:
        from families import registry
        from families.contacts import register_contact_source
        from families.packs.registry import register_pack_source
        from outcomes.registry import register_meetings
        from sessions import merging, packs, queries, timeline
        from sessions.models import Attendance

        registry.register_action(registry.CaseAction("Log a session", "vig_sessions:log", 10, "edit_cases"))
        registry.register_header(timeline.NEXT)
        registry.register_in_touch(timeline.MET)
        registry.register_merge_rule(registry.MergeRule(reconcile=((Attendance, merging.whoever_was_seen_was_there),)))
        for pack_source in packs.SOURCES:
            register_pack_source(pack_source)
        for source in timeline.SOURCES:
            registry.register_timeline(source)
        registry.register_occasions(queries.occasions)
        register_contact_source(queries.contact_by_meeting)
        registry.register_tasks(queries.sessions_to_say)
        registry.register_tasks(queries.consent_to_ask)
        registry.register_planned(queries.still_planned)
        registry.register_places(queries.places_of)
        register_meetings(queries.meetings)
