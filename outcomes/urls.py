"""The addresses of helping questions, read as a contents page."""

from django.urls import path

from outcomes import views

app_name = "outcomes"

urlpatterns = [
    path("cases/<uuid:case>/helping-questions/", views.questions, name="questions"),
    path("cases/<uuid:case>/helping-questions/new/", views.question_add, name="question-add"),
    path("cases/<uuid:case>/helping-questions/<uuid:question>/", views.question_reword, name="question-reword"),
]
