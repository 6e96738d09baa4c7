"""The addresses of helping questions, goals and measures, read as a contents page."""

from django.urls import path

from outcomes.views import askings, experience, goals, link, measures, questions, scores

app_name = "outcomes"

urlpatterns = [
    path("cases/<uuid:case>/helping-questions/", questions.questions, name="questions"),
    path("cases/<uuid:case>/helping-questions/new/", questions.question_add, name="question-add"),
    path("cases/<uuid:case>/helping-questions/<uuid:question>/", questions.question_reword, name="question-reword"),
    # goals
    path("cases/<uuid:case>/goals/", goals.goals, name="goals"),
    path("cases/<uuid:case>/goals/new/", goals.goal_add, name="goal-add"),
    path("cases/<uuid:case>/goals/<uuid:goal>/words/", goals.goal_reword, name="goal-reword"),
    path("cases/<uuid:case>/goals/<uuid:goal>/rate/", goals.goal_rate, name="goal-rate"),
    path(
        "cases/<uuid:case>/goals/<uuid:goal>/ratings/<uuid:rating>/strike/",
        goals.goal_rating_strike,
        name="goal-rating-strike",
    ),
    path("cases/<uuid:case>/goals/<uuid:goal>/end/", goals.goal_end, name="goal-end"),
    path("cases/<uuid:case>/goals/<uuid:goal>/again/", goals.goal_reopen, name="goal-reopen"),
    # measures
    path("cases/<uuid:case>/measures/new/", scores.score_choose, name="score-choose"),
    path("cases/<uuid:case>/measures/new/<slug:measure>/", scores.score_add, name="score-add"),
    path("cases/<uuid:case>/scores/<uuid:score>/", scores.score, name="score"),
    path("cases/<uuid:case>/scores/<uuid:score>/strike/", scores.score_strike, name="score-strike"),
    # the service's own list of them
    path("settings/measures/", measures.measures, name="measures"),
    path("settings/measures/new/", measures.measure_edit, name="measure-add"),
    path("settings/measures/<slug:measure>/", measures.measure, name="measure"),
    path("settings/measures/<slug:measure>/words/", measures.measure_edit, name="measure-edit"),
    path("what-families-said/", experience.experience, name="experience"),
    # asking the family
    path("cases/<uuid:case>/ask/", askings.ask, name="ask"),
    path("cases/<uuid:case>/asked/<uuid:asking>/", askings.asking, name="asking"),
    path("cases/<uuid:case>/asked/<uuid:asking>/hand-over/", askings.asking_hand_over, name="asking-hand-over"),
    path("cases/<uuid:case>/asked/<uuid:asking>/link/", askings.asking_link, name="asking-link"),
    path("cases/<uuid:case>/asked/<uuid:asking>/send/", askings.asking_send, name="asking-send"),
    path("cases/<uuid:case>/asked/<uuid:asking>/take-back/", askings.asking_withdraw, name="asking-withdraw"),
    # on their own phone: no sign-in, a token instead
    path("q/", link.answer, name="answer"),
    path("q/thanks/", link.answer_thanks, name="answer-thanks"),
    path("q/<str:token>/", link.answer_open, name="answer-open"),
    path("q/step/<slug:step>/", link.answer, name="answer-step"),
    path("cases/<uuid:case>/critical/<uuid:answer>/", scores.critical, name="critical"),
]
