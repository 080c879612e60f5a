"""What is asked, as a value: sections, questions, choices, logic, translations.

Pure: no database, no clock, no request. A document comes in (`read`), a `Questionnaire` comes out,
or every fault in it; `unreachable` tells which questions nobody could ever be asked; `take`
checks what somebody answered.
"""

from surveys.questionnaire.answering import Mark, take
from surveys.questionnaire.document import UNFINISHED, examine, question_document, read, write
from surveys.questionnaire.faults import Fault, Faulty
from surveys.questionnaire.logic import shown, unreachable
from surveys.questionnaire.terms import (
    Choice,
    Condition,
    Dimension,
    Kind,
    Question,
    Questionnaire,
    Section,
    Test,
)

__all__ = [
    "UNFINISHED",
    "Choice",
    "Condition",
    "Dimension",
    "Fault",
    "Faulty",
    "Kind",
    "Mark",
    "Question",
    "Questionnaire",
    "Section",
    "Test",
    "examine",
    "question_document",
    "read",
    "shown",
    "take",
    "unreachable",
    "write",
]
