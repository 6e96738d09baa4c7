"""Every address of the service. Closed unless ``accounts.public`` names it."""

from django.urls import include, path

from vig_service.live import live
from vig_service.pages import accessibility

urlpatterns = [
    path("live", live, name="live"),
    path("accessibility", accessibility, name="accessibility"),
    path("", include("desk.urls")),
    path("", include("accounts.urls")),
    path("", include("outbox.urls")),
    path("account/", include("accounts.sign_in_urls")),
    path("", include("families.urls")),
    path("", include("outcomes.urls")),
    path("", include("referrals.urls")),
    path("", include("sessions.urls")),
    path("", include("clips.urls")),
]

handler400 = "vig_service.errors.bad_request"
handler403 = "vig_service.errors.forbidden"
handler404 = "vig_service.errors.not_found"
handler429 = "vig_service.errors.too_many"  # allauth looks for it here
handler500 = "vig_service.errors.server_error"
