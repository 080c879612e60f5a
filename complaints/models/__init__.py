"""Tickets of every kind, what was promised about them, and whether it was kept."""

from complaints.models.answer import Answer
from complaints.models.attachment import Attachment, Stage
from complaints.models.callback import Callback, CallbackOutcome
from complaints.models.callback_rating import CallbackRating
from complaints.models.category import Category, ComplaintClass
from complaints.models.deadline import Deadline
from complaints.models.escalation import Escalation, Level
from complaints.models.event import EventKind, TicketEvent
from complaints.models.figure import (
    Dimension,
    Figure,
    FigureBook,
    FigureFact,
    FigureMark,
    Grain,
)
from complaints.models.pause import Pause, PauseReason
from complaints.models.policy import ServicePolicy
from complaints.models.promise import Promise, PromiseKind
from complaints.models.rating import Rating
from complaints.models.saved_view import SavedView
from complaints.models.supporter import Supporter
from complaints.models.ticket import Kind, Source, Status, Ticket, Urgency
from complaints.models.work import Material, Payer, WorkRecord

__all__ = [
    "Answer",
    "Attachment",
    "Callback",
    "CallbackOutcome",
    "CallbackRating",
    "Category",
    "ComplaintClass",
    "Deadline",
    "Dimension",
    "Escalation",
    "EventKind",
    "Figure",
    "FigureBook",
    "FigureFact",
    "FigureMark",
    "Grain",
    "Kind",
    "Level",
    "Material",
    "Pause",
    "PauseReason",
    "Payer",
    "Promise",
    "PromiseKind",
    "Rating",
    "SavedView",
    "ServicePolicy",
    "Source",
    "Stage",
    "Status",
    "Supporter",
    "Ticket",
    "TicketEvent",
    "Urgency",
    "WorkRecord",
]
