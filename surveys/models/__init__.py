"""What people are asked, when, who, and what they said."""

from surveys.models.bank import BankQuestion
from surveys.models.response import Response, ResponseMark
from surveys.models.survey import Audience, Edition, OnePer, Survey
from surveys.models.wave import Ballot, Invitation, Stage, Wave, WaveCommunity, Way

__all__ = [
    "Audience",
    "Ballot",
    "BankQuestion",
    "Edition",
    "Invitation",
    "OnePer",
    "Response",
    "ResponseMark",
    "Stage",
    "Survey",
    "Wave",
    "WaveCommunity",
    "Way",
]
