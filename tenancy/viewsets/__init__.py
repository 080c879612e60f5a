"""What the API of every room is made of."""

from tenancy.viewsets.base import CompanyViewSet, ListAndRead, Need, ReadViewSet
from tenancy.viewsets.idempotency import idempotent
from tenancy.viewsets.paging import Order, number, text
from tenancy.viewsets.problems import Problem, bad_parameter
from tenancy.viewsets.schema import operation
from tenancy.viewsets.shapes import nested

__all__ = [
    "CompanyViewSet",
    "ListAndRead",
    "Need",
    "Order",
    "Problem",
    "ReadViewSet",
    "bad_parameter",
    "idempotent",
    "nested",
    "number",
    "operation",
    "text",
]
