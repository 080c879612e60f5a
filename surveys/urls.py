"""The addresses of surveys, under `/<company>/`.

Named lists: what is asked, when and of whom, how answers come in, what was found, what became of
it, and what needs no signing in.
"""

from django.urls import URLPattern, path

from surveys.views import answer, answer_mine, answer_photo, result, survey, wave, wave_plan

app_name = "surveys"

SURVEY = "surveys/<uuid:pk>/"
WAVE = "surveys/waves/<uuid:pk>/"

asking: list[URLPattern] = [  # questionnaires, the bank, templates
    path("surveys/", survey.SurveyListPage.as_view(), name="survey_list"),
    path("surveys/new/", survey.SurveyAddPage.as_view(), name="survey_add"),
    path(SURVEY, survey.SurveyPage.as_view(), name="survey"),
    path(f"{SURVEY}change/", survey.SurveyChangePage.as_view(), name="survey_change"),
    path(f"{SURVEY}aside/", survey.SurveyAsidePage.as_view(), name="survey_aside"),
    path(f"{SURVEY}copy/", survey.SurveyCopyPage.as_view(), name="survey_copy"),
]
waves: list[URLPattern] = [
    path(f"{SURVEY}waves/new/", wave_plan.WaveAddPage.as_view(), name="wave_add"),
    path(WAVE, wave.WavePage.as_view(), name="wave"),
    path(f"{WAVE}live/", wave.WaveLivePage.as_view(), name="wave_live"),
    path(f"{WAVE}change/", wave_plan.WaveChangePage.as_view(), name="wave_change"),
    path(f"{WAVE}open/", wave.WaveOpenPage.as_view(), name="wave_open"),
    path(f"{WAVE}prolong/", wave.WaveProlongPage.as_view(), name="wave_prolong"),
    path(f"{WAVE}close/", wave.WaveClosePage.as_view(), name="wave_close"),
    path(f"{WAVE}cancel/", wave.WaveCancelPage.as_view(), name="wave_cancel"),
    path(f"{WAVE}unanswered/", wave.WaveUnansweredPage.as_view(), name="wave_unanswered"),
]
answers: list[URLPattern] = [  # interviews, paper, slips
    path("surveys/mine/", answer_mine.MySurveysPage.as_view(), name="my_surveys"),
    path("surveys/mine/card/", answer_mine.MySurveysCard.as_view(), name="my_surveys_card"),
    path("surveys/mine/<uuid:pk>/", answer_mine.MySurveyPage.as_view(), name="answer_mine"),
    path(
        "surveys/photos/<uuid:pk>/",
        answer_photo.ResponsePhotoPage.as_view(),
        name="response_photo",
    ),
]
results: list[URLPattern] = [
    path(f"{WAVE}results/", result.ResultsPage.as_view(), name="wave_results"),
]
improving: list[URLPattern] = []  # improvements, publications, ratings after service
public: list[URLPattern] = [
    path("s/<str:secret>/", answer.AnswerPage.as_view(), name="answer"),
    path(
        "s/<str:secret>/photo/<str:question>/",
        answer.AnswerPhotoPage.as_view(),
        name="answer_photo",
    ),
]

urlpatterns = [*asking, *waves, *answers, *results, *improving, *public]
