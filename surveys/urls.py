"""The addresses of surveys, under `/<company>/`.

Named lists: what is asked, when and of whom, how answers come in, what was found, what became of
it, and what needs no signing in.
"""

from django.urls import URLPattern, path

from surveys.views import (
    after_service,
    answer,
    answer_mine,
    answer_photo,
    bank,
    builder,
    builder_question,
    edition,
    entrance,
    improvement,
    index,
    interview,
    paper,
    poster,
    presentation,
    preview,
    publication,
    published,
    result,
    result_compare,
    slip,
    survey,
    text,
    wave,
    wave_plan,
    words,
)

app_name = "surveys"

CALL = "surveys/interviews/<uuid:pk>/"
SURVEY = "surveys/<uuid:pk>/"
QUESTIONS = f"{SURVEY}questions/"
WORDS = f"{SURVEY}words/"
WAVE = "surveys/waves/<uuid:pk>/"
PUBLICATION = "surveys/publications/<uuid:pk>/"

asking: list[URLPattern] = [  # questionnaires, the bank, templates
    path("surveys/", survey.SurveyListPage.as_view(), name="survey_list"),
    path("surveys/new/", survey.SurveyAddPage.as_view(), name="survey_add"),
    path(SURVEY, survey.SurveyPage.as_view(), name="survey"),
    path(f"{SURVEY}change/", survey.SurveyChangePage.as_view(), name="survey_change"),
    path(f"{SURVEY}aside/", survey.SurveyAsidePage.as_view(), name="survey_aside"),
    path(f"{SURVEY}copy/", survey.SurveyCopyPage.as_view(), name="survey_copy"),
    path(QUESTIONS, builder.QuestionsPage.as_view(), name="survey_questions"),
    path(f"{QUESTIONS}act/", builder.QuestionsActPage.as_view(), name="survey_questions_act"),
    path(f"{QUESTIONS}new/", builder_question.QuestionAddPage.as_view(), name="question_add"),
    path(f"{QUESTIONS}sections/", builder_question.SectionAddPage.as_view(), name="section_add"),
    path(f"{QUESTIONS}sections/<str:key>/", builder_question.SectionPage.as_view(), name="section"),
    path(f"{QUESTIONS}<str:key>/", builder_question.QuestionPage.as_view(), name="question"),
    path(f"{SURVEY}preview/", preview.PreviewPage.as_view(), name="survey_preview"),
    path(WORDS, words.WordsPage.as_view(), name="survey_words"),
    path(f"{WORDS}propose/", words.WordsProposePage.as_view(), name="words_propose"),
    path(f"{WORDS}table/", words.WordsTablePage.as_view(), name="words_table"),
    path(f"{SURVEY}editions/", edition.EditionsPage.as_view(), name="survey_editions"),
    path("surveys/bank/", bank.BankPage.as_view(), name="bank"),
    path("surveys/bank/take/", bank.BankTakePage.as_view(), name="bank_take"),
    path("surveys/bank/<uuid:pk>/forget/", bank.BankForgetPage.as_view(), name="bank_forget"),
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
    path(f"{WAVE}slips/", slip.SlipsPage.as_view(), name="slips"),
    path(f"{WAVE}unreached/", slip.UnreachedPage.as_view(), name="unreached"),
    path(f"{WAVE}slips/print/", slip.PrintSlipsPage.as_view(), name="slips_print"),
    path(f"{WAVE}poster/", poster.PosterPage.as_view(), name="poster"),
    path(f"{WAVE}poster/picture/", poster.PosterPicturePage.as_view(), name="poster_picture"),
    path("surveys/interviews/", interview.InterviewListPage.as_view(), name="interviews"),
    path(f"{WAVE}interview/next/", interview.InterviewNext.as_view(), name="interview_next"),
    path(CALL, interview.InterviewPage.as_view(), name="interview"),
    path(f"{CALL}hold/", interview.InterviewHold.as_view(), name="interview_hold"),
    path(f"{CALL}outcome/", interview.InterviewOutcome.as_view(), name="interview_outcome"),
    path(f"{CALL}break/", interview.InterviewBreak.as_view(), name="interview_break"),
    path(f"{WAVE}paper/", paper.PaperPage.as_view(), name="paper"),
    path(f"{WAVE}paper/table/", paper.PaperTablePage.as_view(), name="paper_table"),
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
    path(f"{WAVE}index/", index.IndexPage.as_view(), name="wave_index"),
    path(f"{SURVEY}trend/", index.IndexTrendPage.as_view(), name="index_trend"),
    path("surveys/weights/", index.IndexWeightsPage.as_view(), name="index_weights"),
    path(f"{WAVE}results/", result.ResultsPage.as_view(), name="wave_results"),
    path(f"{WAVE}compare/", result_compare.ComparePage.as_view(), name="wave_compare"),
    path(f"{WAVE}texts/", text.TextsPage.as_view(), name="wave_texts"),
    path(f"{WAVE}workbook/", result.WorkbookPage.as_view(), name="wave_workbook"),
    path(f"{WAVE}pdf/", result.PdfPage.as_view(), name="wave_pdf"),
    path(f"{WAVE}present/", presentation.PresentationPage.as_view(), name="wave_presentation"),
    path(f"{WAVE}texts/code/", text.CodePage.as_view(), name="code_texts"),
]
improving: list[URLPattern] = [  # improvements, publications, ratings after service
    path(
        "surveys/improvements/", improvement.ImprovementListPage.as_view(), name="improvement_list"
    ),
    path(
        "surveys/improvements/new/",
        improvement.ImprovementAddPage.as_view(),
        name="improvement_add",
    ),
    path(
        "surveys/improvements/of/<uuid:pk>/",
        improvement.ImprovementOfPage.as_view(),
        name="improvement_of",
    ),
    path(
        "surveys/publications/",
        publication.PublicationListPage.as_view(),
        name="publication_list",
    ),
    path(
        f"{WAVE}publications/",
        publication.WavePublicationsPage.as_view(),
        name="wave_publications",
    ),
    path(
        f"{WAVE}publications/new/",
        publication.PublicationAddPage.as_view(),
        name="publication_add",
    ),
    path(PUBLICATION, publication.PublicationPage.as_view(), name="publication"),
    path(
        f"{PUBLICATION}change/",
        publication.PublicationChangePage.as_view(),
        name="publication_change",
    ),
    path(
        f"{PUBLICATION}quotes/",
        publication.PublicationQuotesPage.as_view(),
        name="publication_quotes",
    ),
    path(
        f"{PUBLICATION}approve/",
        publication.PublicationApprovePage.as_view(),
        name="publication_approve",
    ),
    path(
        f"{PUBLICATION}withdraw/",
        publication.PublicationWithdrawPage.as_view(),
        name="publication_withdraw",
    ),
    path("surveys/after/", after_service.AfterServicePage.as_view(), name="after_service"),
]
public: list[URLPattern] = [
    path("said/", published.SaidPage.as_view(), name="said"),
    path("said/<uuid:pk>/", published.PublishedPage.as_view(), name="published"),
    path("s/", entrance.EntrancePage.as_view(), name="entrance"),
    path("s/<str:secret>/", answer.AnswerPage.as_view(), name="answer"),
    path(
        "s/<str:secret>/photo/<str:question>/",
        answer.AnswerPhotoPage.as_view(),
        name="answer_photo",
    ),
]

urlpatterns = [*asking, *waves, *answers, *results, *improving, *public]
