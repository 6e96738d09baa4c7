"""Every address of the service. Closed unless ``accounts.public`` names it."""

from django.urls import include, path

from vig_service.live import live

urlpatterns = [
    path("live", live, name="live"),
    path("", include("desk.urls")),
    path("", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    path("", include("families.urls")),
    path("", include("outcomes.urls")),
    path("", include("sessions.urls")),
    path("", include("clips.urls")),
]
