"""The addresses of tickets and of what belongs to them."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from complaints.api.answer import AnswerViewSet
from complaints.api.attachment import AttachmentViewSet
from complaints.api.calendar import CalendarViewSet, DayViewSet
from complaints.api.callback import CallbackViewSet
from complaints.api.callback_rating import CallbackRatingViewSet
from complaints.api.category import CategoryViewSet
from complaints.api.event import EventViewSet
from complaints.api.load import LoadViewSet
from complaints.api.message import MessageViewSet
from complaints.api.promise import PolicyViewSet, PromiseViewSet
from complaints.api.rating import RatingViewSet
from complaints.api.reassigning import ReassignmentViewSet
from complaints.api.saved_view import SavedViewViewSet
from complaints.api.supporter import SupporterViewSet
from complaints.api.ticket import TicketViewSet
from complaints.api.work import WorkViewSet

router = SimpleRouter(use_regex_path=False)
router.register("tickets", TicketViewSet, basename="ticket")
router.register("views", SavedViewViewSet, basename="view")
router.register("answers", AnswerViewSet, basename="answer")
router.register("categories", CategoryViewSet, basename="category")
router.register("promises", PromiseViewSet, basename="promise")
router.register("calendar/days", DayViewSet, basename="calendar-day")
router.register("supporters", SupporterViewSet, basename="supporter")

TICKET = "tickets/<uuid:pk>/"
READ: dict[str, Any] = {"get": "list"}
BOTH: dict[str, Any] = {**READ, "post": "create"}

urlpatterns = [
    path("tickets/reassign/", ReassignmentViewSet.as_view({"post": "create"}), name="reassign"),
    path("calendar/", CalendarViewSet.as_view({"get": "read", "put": "change"}), name="calendar"),
    path("policy/", PolicyViewSet.as_view({"get": "read", "patch": "change"}), name="policy"),
    path("loads/", LoadViewSet.as_view({"get": "read"}), name="load-list"),
    *router.urls,
    path(f"{TICKET}work/", WorkViewSet.as_view({**READ, "patch": "correct"}), name="work-list"),
    path(f"{TICKET}work/take/", WorkViewSet.as_view({"post": "take"}), name="work-take"),
    path(f"{TICKET}work/set-off/", WorkViewSet.as_view({"post": "set_off"}), name="work-set-off"),
    path(f"{TICKET}work/arrive/", WorkViewSet.as_view({"post": "arrive"}), name="work-arrive"),
    path(f"{TICKET}work/finish/", WorkViewSet.as_view({"post": "finish"}), name="work-finish"),
    path(
        f"{TICKET}work/materials/",
        WorkViewSet.as_view({"post": "add_material"}),
        name="work-material",
    ),
    path(
        f"{TICKET}work/materials/<uuid:material>/",
        WorkViewSet.as_view({"delete": "remove_material"}),
        name="work-material-remove",
    ),
    path(f"{TICKET}events/", EventViewSet.as_view(READ), name="event-list"),
    path(f"{TICKET}callbacks/", CallbackViewSet.as_view(BOTH), name="callback-list"),
    path(
        f"{TICKET}callbacks/<uuid:callback>/rating/",
        CallbackRatingViewSet.as_view({"post": "create"}),
        name="callback-rating",
    ),
    path(f"{TICKET}rating/", RatingViewSet.as_view({"post": "create"}), name="rating-list"),
    path(f"{TICKET}comments/", MessageViewSet.as_view({"post": "create"}), name="comment-list"),
    path(f"{TICKET}notes/", MessageViewSet.as_view({"post": "note"}), name="note-list"),
    path(f"{TICKET}attachments/", AttachmentViewSet.as_view(BOTH), name="attachment-list"),
    path(
        f"{TICKET}attachments/<uuid:attachment>/content/",
        AttachmentViewSet.as_view({"get": "content"}),
        name="attachment-content",
    ),
]
