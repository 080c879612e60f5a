"""What people are asked, when, who, and what they said."""

from surveys.models.bank import BankQuestion
from surveys.models.coding import TextCode
from surveys.models.improvement import Effect, Improvement
from surveys.models.index import IndexFigure, IndexReport, IndexWeights, Place
from surveys.models.interview import CallOutcome, Interview
from surveys.models.photo import BallotPhoto, ResponsePhoto
from surveys.models.publication import (
    LineState,
    Publication,
    PublicationLine,
    PublicationQuote,
    PublicationStage,
)
from surveys.models.response import Response, ResponseMark
from surveys.models.survey import Audience, Edition, OnePer, Survey
from surveys.models.tally import Tally
from surveys.models.wave import (
    Ballot,
    Invitation,
    Stage,
    ToldBy,
    Wave,
    WaveCommunity,
    WavePart,
    WaveStratum,
    Way,
)

__all__ = [
    "Audience",
    "Ballot",
    "BallotPhoto",
    "BankQuestion",
    "CallOutcome",
    "Edition",
    "Effect",
    "Improvement",
    "IndexFigure",
    "IndexReport",
    "IndexWeights",
    "Interview",
    "Invitation",
    "LineState",
    "OnePer",
    "Place",
    "Publication",
    "PublicationLine",
    "PublicationQuote",
    "PublicationStage",
    "Response",
    "ResponseMark",
    "ResponsePhoto",
    "Stage",
    "Survey",
    "Tally",
    "TextCode",
    "ToldBy",
    "Wave",
    "WaveCommunity",
    "WavePart",
    "WaveStratum",
    "Way",
]
