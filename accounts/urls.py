"""The addresses of this app, read as a contents page."""

from django.urls import path

from accounts.views import account, screen

app_name = "accounts"

urlpatterns = [
    # My account
    path("me/", account.account, name="account"),
    path("me/pin/", account.pin, name="pin"),
    path("me/sign-ins/", account.sign_ins, name="sign-ins"),
    path("me/sign-ins/end-others/", account.sign_out_elsewhere, name="sign-out-elsewhere"),
    # The clock and the cover
    path("session/", screen.session_status, name="session-status"),
    path("session/activity/", screen.session_activity, name="session-activity"),
    path("session/cover/", screen.cover_now, name="cover"),
    path("session/covered/", screen.covered, name="covered"),
    path("session/uncover/", screen.session_uncover, name="uncover"),
    path("session/signed-in/", screen.signed_in, name="signed-in"),
    path("session/held/<str:token>/", screen.held_form, name="held"),
]
