"""The addresses of tickets, under `/<company>/`.

Named lists: what staff leaf through, what they do to one ticket, what the admin sets, and what
owners see.
"""

from django.urls import path

from complaints.views import (
    actions,
    answer,
    attachment,
    calendar,
    call_list,
    category,
    chosen,
    escalated,
    history,
    in_hand,
    job,
    job_actions,
    job_correction,
    job_list,
    late,
    live,
    load,
    owner_actions,
    owner_file,
    owner_manifest,
    owner_me,
    owner_near,
    owner_supported,
    owner_tickets,
    palette,
    queue,
    reassign,
    rules,
    saved_view,
    take,
    ticket,
)

app_name = "complaints"

TICKET = "tickets/<uuid:pk>/"
VIEW = "queue/views/<uuid:pk>/"

lists = [
    path("queue/", queue.QueuePage.as_view(), name="queue"),
    path("queue/news/", live.NewsPage.as_view(), name="queue_news"),
    path("palette/", palette.PalettePage.as_view(), name="palette"),
    path("live/", live.LivePage.as_view(), name="live"),
    path("queue/chosen/", chosen.ChosenPage.as_view(), name="chosen"),
    path("queue/views/", saved_view.SavedViewsPage.as_view(), name="saved_views"),
    path("queue/views/add/", saved_view.SavedViewAddPage.as_view(), name="saved_view_add"),
    path(VIEW, saved_view.SavedViewEditPage.as_view(), name="saved_view_edit"),
    path(f"{VIEW}move/", saved_view.SavedViewMovePage.as_view(), name="saved_view_move"),
    path(f"{VIEW}delete/", saved_view.SavedViewDeletePage.as_view(), name="saved_view_delete"),
    path("calls/", call_list.CallListPage.as_view(), name="call_list"),
    path("late/", late.LatePage.as_view(), name="late"),
    path("late/reassign/", reassign.ReassignPage.as_view(), name="reassign"),
    path("late/escalated/", escalated.EscalatedPage.as_view(), name="escalated"),
    path("late/escalated/<uuid:pk>/seen/", escalated.SeenPage.as_view(), name="escalated_seen"),
    path("late/escalated/<uuid:pk>/take/", escalated.TakeOverPage.as_view(), name="escalated_take"),
    path("late/loads/", load.LoadsPage.as_view(), name="loads"),
    path("late/absences/", load.AbsencePage.as_view(), name="absences"),
    path("late/absences/<uuid:pk>/end/", load.AbsenceEndPage.as_view(), name="absence_end"),
    path("answers/", answer.AnswerListPage.as_view(), name="answer_list"),
    path("answers/new/", answer.AnswerAddPage.as_view(), name="answer_add"),
    path("answers/<uuid:pk>/", answer.AnswerPage.as_view(), name="answer"),
    path("answers/<uuid:pk>/delete/", answer.AnswerDeletePage.as_view(), name="answer_delete"),
    path("tickets/take/", take.TakePage.as_view(), name="ticket_take"),
    path("tickets/take/owners/", take.TakeOwnersPage.as_view(), name="take_owners"),
]

tickets = [
    path(TICKET, ticket.TicketPage.as_view(), name="ticket_detail"),
    path(f"{TICKET}writing/", live.WritingPage.as_view(), name="ticket_writing"),
    path(f"{TICKET}answers/", answer.AnswersToSayPage.as_view(), name="answers_to_say"),
    path(f"{TICKET}accept/", actions.AcceptPage.as_view(), name="ticket_accept"),
    path(f"{TICKET}assign/", actions.AssignPage.as_view(), name="ticket_assign"),
    path(f"{TICKET}pause/", actions.PausePage.as_view(), name="ticket_pause"),
    path(f"{TICKET}resume/", actions.ResumePage.as_view(), name="ticket_resume"),
    path(f"{TICKET}day/", actions.MoveDayPage.as_view(), name="ticket_move_day"),
    path(f"{TICKET}call/", actions.CallPage.as_view(), name="ticket_call"),
    path(f"{TICKET}resolve/", actions.ResolvePage.as_view(), name="ticket_resolve"),
    path(f"{TICKET}close/", actions.ClosePage.as_view(), name="ticket_close"),
    path(f"{TICKET}reopen/", actions.ReopenPage.as_view(), name="ticket_reopen"),
    path(f"{TICKET}comment/", actions.CommentPage.as_view(), name="ticket_comment"),
    path(f"{TICKET}note/", actions.NotePage.as_view(), name="ticket_note"),
    path(f"{TICKET}attach/", actions.AttachPage.as_view(), name="ticket_attach"),
    path("attachments/<uuid:pk>/", attachment.AttachmentPage.as_view(), name="attachment"),
    path("owners/<uuid:pk>/tickets/", history.OwnerHistoryPage.as_view(), name="owner_history"),
]

settings = [
    path("settings/promises/", rules.RulesPage.as_view(), name="rules"),
    path("settings/promises/new/", rules.NewPromisePage.as_view(), name="promise_add"),
    path("settings/promises/preview/", rules.PreviewPage.as_view(), name="promise_preview"),
    path("settings/promises/<uuid:pk>/", rules.PromisePage.as_view(), name="promise_edit"),
    path("settings/policy/", rules.PolicyPage.as_view(), name="policy_edit"),
    path("settings/calendar/", calendar.CalendarPage.as_view(), name="calendar"),
    path("settings/calendar/week/", calendar.WeekPage.as_view(), name="calendar_week"),
    path("settings/calendar/days/", calendar.DaysPage.as_view(), name="calendar_days"),
    path("settings/categories/", category.CategoryListPage.as_view(), name="category_list"),
    path("settings/categories/new/", category.CategoryAddPage.as_view(), name="category_add"),
    path("settings/categories/<uuid:pk>/", category.CategoryPage.as_view(), name="category"),
    path("settings/members/<uuid:pk>/in-hand/", in_hand.InHandPage.as_view(), name="in_hand"),
]

owners = [
    path("tickets/file/", owner_file.FileTicketPage.as_view(), name="ticket_file"),
    path(f"{TICKET}received/", owner_file.TicketReceiptPage.as_view(), name="ticket_receipt"),
    path("my/", owner_tickets.MyTicketsPage.as_view(), name="my_tickets"),
    path(f"{TICKET}urge/", owner_actions.UrgePage.as_view(), name="ticket_urge"),
    path(f"{TICKET}rating/", owner_actions.RatePage.as_view(), name="ticket_rate"),
    path(
        f"{TICKET}calls/<uuid:call>/rating/",
        owner_actions.RateCallPage.as_view(),
        name="call_rate",
    ),
    path("me/", owner_me.MePage.as_view(), name="owner_me"),
    path("tickets/near/", owner_near.NearPage.as_view(), name="ticket_near"),
    path(f"{TICKET}join/", owner_near.JoinPage.as_view(), name="ticket_join"),
    path("joined/<uuid:pk>/", owner_supported.SupportedPage.as_view(), name="supported"),
    path("joined/<uuid:pk>/leave/", owner_supported.LeavePage.as_view(), name="supported_leave"),
    path("manifest.webmanifest", owner_manifest.ManifestPage.as_view(), name="manifest"),
]

JOB = "jobs/<uuid:pk>/"

jobs = [
    path("jobs/", job_list.JobListPage.as_view(), name="jobs"),
    path("jobs/session/", job.JobSessionPage.as_view(), name="job_session"),
    path(JOB, job.JobPage.as_view(), name="job_detail"),
    path(f"{JOB}take/", job_actions.TakeJobPage.as_view(), name="job_take"),
    path(f"{JOB}set-off/", job_actions.SetOffPage.as_view(), name="job_set_off"),
    path(f"{JOB}arrive/", job_actions.ArrivePage.as_view(), name="job_arrive"),
    path(f"{JOB}finish/", job_actions.FinishPage.as_view(), name="job_finish"),
    path(f"{JOB}photo/", job_actions.JobPhotoPage.as_view(), name="job_photo"),
    path(f"{JOB}note/", job_actions.JobNotePage.as_view(), name="job_note"),
    path(f"{JOB}material/", job_actions.AddMaterialPage.as_view(), name="job_material"),
    path(
        f"{JOB}material/<uuid:material>/remove/",
        job_actions.RemoveMaterialPage.as_view(),
        name="job_material_remove",
    ),
    path(f"{TICKET}work/", job_correction.JobCorrectionPage.as_view(), name="job_correction"),
]

urlpatterns = [*lists, *tickets, *settings, *owners, *jobs]
