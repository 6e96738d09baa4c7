"""The addresses of the outbox, read as a contents page."""

from django.urls import path

from outbox import views, wording_views

app_name = "outbox"

urlpatterns = [
    path("messages/", views.messages, name="messages"),
    path("settings/messages/", wording_views.wording_list, name="wordings"),
    path("settings/messages/<slug:key>/", wording_views.wording, name="wording"),
    path("messages/<uuid:message>/decide/", views.message_decide, name="message-decide"),
]
