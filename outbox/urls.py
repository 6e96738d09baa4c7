"""The addresses of the outbox, read as a contents page."""

from django.urls import path

from outbox import views

app_name = "outbox"

urlpatterns = [
    path("messages/", views.messages, name="messages"),
    path("messages/<uuid:message>/decide/", views.message_decide, name="message-decide"),
]
