"""The addresses of this app, read as a contents page."""

from django.urls import path

from accounts.views import account, audit_log, people, screen, settings

app_name = "accounts"

urlpatterns = [
    # My account
    path("me/", account.account, name="account"),
    path("me/pin/", account.pin, name="pin"),
    path("me/sign-ins/", account.sign_ins, name="sign-ins"),
    path("me/sign-ins/end-others/", account.sign_out_elsewhere, name="sign-out-elsewhere"),
    # People who sign in
    path("people/", people.people, name="people"),
    path("people/add/", people.person_add, name="person-add"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/<slug:step>/", people.person_step, name="person-step"),
    path("teams/add/", people.team_add, name="team-add"),
    path("teams/<int:pk>/", people.team, name="team"),
    # What the service changes about itself
    path("settings/", settings.settings_index, name="settings"),
    path("settings/safeguarding-lead/", settings.safeguarding_lead, name="safeguarding-lead"),
    # Who did and who saw what
    path("audit/", audit_log.audit_log, name="audit-log"),
    # The clock and the cover
    path("session/", screen.session_status, name="session-status"),
    path("session/activity/", screen.session_activity, name="session-activity"),
    path("session/cover/", screen.cover_now, name="cover"),
    path("session/covered/", screen.covered, name="covered"),
    path("session/uncover/", screen.session_uncover, name="uncover"),
    path("session/signed-in/", screen.signed_in, name="signed-in"),
    path("session/held/<str:token>/", screen.held_form, name="held"),
]
