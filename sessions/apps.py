from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """The diary. Its label is its own: ``sessions`` is taken by django.contrib.sessions."""

    name = "sessions"
    label = "vig_sessions"
    verbose_name = "Sessions and cycles"
