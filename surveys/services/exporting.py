"""What leaves of people's answers with an export of the company.

Responses and their marks stay (`is_exported`): row by row they would join what one person said,
and tell of places of which nothing may be told. Counts leave as tallies, own words as this table.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from surveys.models import Stage, Wave
from surveys.services.cells import WHOLE
from surveys.services.coding import text_questions, texts_of

AT_ONCE = 2000


def words() -> Iterator[dict[str, Any]]:
    """The texts that are told of everybody, each by itself, in the order of their random keys.

    Neither a key nor a place is with them: by place they are in the results, and in their Excel
    file.
    """
    waves = Wave.objects.filter(stage=Stage.COUNTED).select_related("edition").order_by("pk")
    about = ArrayAgg(
        "codes__category_id",
        filter=Q(codes__isnull=False),
        default=[],
        order_by="codes__category_id",
    )
    for wave in waves:
        told = [each.key for each in text_questions(wave, WHOLE)]
        texts = texts_of(wave, WHOLE, told).annotate(about=about)
        for question, text, categories in texts.values_list("question", "text", "about").iterator(
            chunk_size=AT_ONCE
        ):
            yield {
                "wave_id": wave.pk, "question": question, "text": text, "categories": categories
            }  # fmt: skip
