"""The addresses of the desk, read as a contents page."""

from django.urls import path

from desk import views

app_name = "desk"

urlpatterns = [
    path("", views.my_day, name="my-day"),
    path("health/", views.health, name="health"),
    path("healthz", views.healthz, name="healthz"),
]
