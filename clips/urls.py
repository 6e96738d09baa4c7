"""The addresses of this app, read as a contents page."""

from django.urls import path

from clips.views import media

app_name = "clips"

urlpatterns = [
    # Films: bytes and state
    path("films/<uuid:film>/status/", media.film_status, name="film-status"),
    path("films/<uuid:film>/media/<str:what>", media.film_media, name="film-media"),
    path("clips/<uuid:clip>/media/<str:what>", media.clip_media, name="clip-media"),
    path("stills/<uuid:still>/media", media.still_media, name="still-media"),
]
