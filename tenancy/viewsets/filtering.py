"""The room's filter set, applied to the API: strict about values, quick about the rest."""

from functools import lru_cache
from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError


@lru_cache(maxsize=256)
def only(filterset_class: Any, asked: frozenset[str]) -> Any:
    """The filter set with no more filters than were asked for.

    A filter set copies all its filters and makes a form of them for every request, which costs
    more than the query when there are a dozen.
    """
    lean: Any = type(filterset_class.__name__, (filterset_class,), {})
    lean.base_filters = {
        name: each for name, each in filterset_class.base_filters.items() if name in asked
    }
    return lean


class FilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # publishes no types
    """Filters by `filterset_class`; a value that makes no sense is a 400, never ignored."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset_class = getattr(view, "filterset_class", None)
        if filterset_class is None:
            return queryset
        asked = frozenset(request.query_params) & frozenset(filterset_class.base_filters)
        if not asked:
            return queryset
        lean = only(filterset_class, asked)
        filterset = lean(request.query_params, queryset=queryset, request=request)
        if not filterset.is_valid():
            raise ValidationError(
                {
                    f"?{name}": [ErrorDetail(each["message"], each["code"]) for each in found]
                    for name, found in filterset.errors.get_json_data().items()
                }
            )
        return filterset.qs
