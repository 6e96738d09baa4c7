"""The addresses of this app, read as a contents page."""

from django.urls import path  # noqa: F401

app_name = "clips"

urlpatterns: list = []
