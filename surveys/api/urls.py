"""The operations of surveys, below `/<company>/api/v1/`."""

from typing import Any

from django.urls import path

from surveys.api.answer import WaitingViewSet
from surveys.api.bank import BankViewSet
from surveys.api.improvement import ImprovementViewSet
from surveys.api.index import IndexViewSet, IndexWeightsViewSet
from surveys.api.interview import InterviewViewSet
from surveys.api.paper import PaperViewSet
from surveys.api.publication import PublicationViewSet
from surveys.api.result import ResultViewSet
from surveys.api.slip import SlipViewSet
from surveys.api.survey import SurveyViewSet, TemplateViewSet
from surveys.api.text import TextViewSet
from surveys.api.wave import WaveViewSet

CALL = "surveys/interviews/<uuid:pk>/"
PUBLICATION = "surveys/publications/<uuid:pk>/"
SURVEY = "surveys/<uuid:pk>/"
WAVE = "surveys/waves/<uuid:pk>/"

EDITED: dict[str, Any] = {"get": "retrieve", "patch": "partial_update"}

urlpatterns = [
    path("surveys/mine/", WaitingViewSet.as_view({"get": "read_all"}), name="waiting-list"),
    path("surveys/mine/<uuid:pk>/", WaitingViewSet.as_view({"get": "read"}), name="waiting"),
    path(
        "surveys/mine/<uuid:pk>/answer/",
        WaitingViewSet.as_view({"post": "answer"}),
        name="waiting-answer",
    ),
    path(f"{WAVE}letters/", SlipViewSet.as_view({"get": "letters"}), name="wave-letters"),
    path(f"{WAVE}slips/", SlipViewSet.as_view({"post": "codes"}), name="wave-slips"),
    path(f"{WAVE}sheets/", PaperViewSet.as_view({"post": "enter"}), name="wave-sheets"),
    path(f"{WAVE}next-call/", InterviewViewSet.as_view({"post": "take_next"}), name="next-call"),
    path(CALL, InterviewViewSet.as_view({"get": "read"}), name="interview"),
    path(f"{CALL}answer/", InterviewViewSet.as_view({"post": "answer"}), name="interview-answer"),
    path(f"{CALL}outcome/", InterviewViewSet.as_view({"post": "outcome"}), name="interview-end"),
    path(f"{CALL}break/", InterviewViewSet.as_view({"post": "pause"}), name="interview-break"),
    path(
        "surveys/waves/",
        WaveViewSet.as_view({"get": "list", "post": "create"}),
        name="wave-list",
    ),
    path("surveys/waves/preview/", WaveViewSet.as_view({"post": "preview"}), name="wave-preview"),
    path(
        WAVE,
        WaveViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
        name="wave-detail",
    ),
    path(f"{WAVE}open/", WaveViewSet.as_view({"post": "open"}), name="wave-open"),
    path(f"{WAVE}prolong/", WaveViewSet.as_view({"post": "prolong"}), name="wave-prolong"),
    path(f"{WAVE}close/", WaveViewSet.as_view({"post": "close"}), name="wave-close"),
    path(f"{WAVE}rate/", WaveViewSet.as_view({"get": "response_rate"}), name="wave-rate"),
    path(f"{SURVEY}sources/", WaveViewSet.as_view({"get": "sources"}), name="wave-sources"),
    path("surveys/", SurveyViewSet.as_view({"get": "list", "post": "create"}), name="survey-list"),
    path(
        "surveys/templates/", TemplateViewSet.as_view({"get": "read_all"}), name="survey-templates"
    ),
    path(
        "surveys/templates/<str:code>/",
        TemplateViewSet.as_view({"get": "read"}),
        name="survey-template",
    ),
    path(
        "surveys/bank/",
        BankViewSet.as_view({"get": "read_all", "post": "create"}),
        name="bank-list",
    ),
    path("surveys/bank/<uuid:pk>/", BankViewSet.as_view({"delete": "destroy"}), name="bank-detail"),
    path(SURVEY, SurveyViewSet.as_view(EDITED), name="survey-detail"),
    path(f"{SURVEY}copy/", SurveyViewSet.as_view({"post": "copy"}), name="survey-copy"),
    path(
        f"{SURVEY}questionnaire/",
        SurveyViewSet.as_view({"get": "questionnaire", "put": "rewrite"}),
        name="survey-questionnaire",
    ),
    path(f"{SURVEY}editions/", SurveyViewSet.as_view({"get": "editions"}), name="survey-editions"),
    path(
        f"{SURVEY}editions/<int:number>/",
        SurveyViewSet.as_view({"get": "edition"}),
        name="survey-edition",
    ),
    path(f"{SURVEY}proposals/", SurveyViewSet.as_view({"post": "propose"}), name="survey-propose"),
    path(f"{SURVEY}take/", BankViewSet.as_view({"post": "take"}), name="survey-take"),
    path(f"{WAVE}results/", ResultViewSet.as_view({"get": "read"}), name="wave-results"),
    path(f"{WAVE}workbook/", ResultViewSet.as_view({"get": "workbook"}), name="wave-workbook"),
    path(f"{WAVE}pdf/", ResultViewSet.as_view({"get": "pdf"}), name="wave-pdf"),
    path(f"{WAVE}texts/", TextViewSet.as_view({"get": "read"}), name="wave-texts"),
    path(f"{WAVE}texts/coding/", TextViewSet.as_view({"post": "code"}), name="wave-texts-coding"),
    path(
        "surveys/improvements/",
        ImprovementViewSet.as_view({"get": "list", "post": "create"}),
        name="improvement-list",
    ),
    path(
        "surveys/improvements/<uuid:pk>/",
        ImprovementViewSet.as_view({"get": "retrieve"}),
        name="improvement-detail",
    ),
    path(f"{WAVE}index/", IndexViewSet.as_view({"get": "read"}), name="wave-index"),
    path(f"{SURVEY}trend/", IndexViewSet.as_view({"get": "trend"}), name="index-trend"),
    path(
        "surveys/weights/",
        IndexWeightsViewSet.as_view({"get": "list", "post": "create"}),
        name="index-weights",
    ),
    path(
        "surveys/publications/",
        PublicationViewSet.as_view({"get": "list", "post": "create"}),
        name="publication-list",
    ),
    path(
        PUBLICATION,
        PublicationViewSet.as_view({"get": "retrieve", "put": "update"}),
        name="publication-detail",
    ),
    path(
        f"{PUBLICATION}approve/",
        PublicationViewSet.as_view({"post": "approve"}),
        name="publication-approve",
    ),
    path(
        f"{PUBLICATION}withdraw/",
        PublicationViewSet.as_view({"post": "withdraw"}),
        name="publication-withdraw",
    ),
]
