"""The addresses of sessions and cycles, read as a contents page."""

from django.urls import path

from sessions import views

app_name = "vig_sessions"

urlpatterns = [
    path("cases/<uuid:case>/sessions/new/", views.session_log, name="log"),
    path("sessions/<uuid:session>/", views.session, name="session"),
    path("sessions/<uuid:session>/change/", views.session_edit, name="session-edit"),
    path("sessions/<uuid:session>/cancel/", views.session_cancel, name="session-cancel"),
    path("cases/<uuid:case>/cycles/new/", views.cycle_open, name="cycle-open"),
]
