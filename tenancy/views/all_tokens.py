"""Every API token of the company, for its admin."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.utils.translation import gettext_lazy as _

from tenancy.models import ApiToken
from tenancy.models.token import TokenScope
from tenancy.pages import ActionPage, ListPage
from tenancy.permissions import Can
from tenancy.services.tokens import revoke_token
from tenancy.templatetags.navigation import address


class AllTokensPage(ListPage):
    """Whose program may do what, since when, and when it last did."""

    needs = Can.REVOKE_TOKENS
    title = _("API tokens")
    template_name = "tenancy/token_all.html"

    def rows(self) -> QuerySet[Any]:
        tokens = ApiToken.objects.revocable_by(self.me).usable(self.now)
        rows: QuerySet[Any] = tokens.select_related("membership")
        return rows.order_by("-created_at", "id")

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(**more)
        for token in context["rows"]:
            token.scope_labels = [TokenScope(scope).label for scope in token.scopes]
        return context


class AnyTokenRevoke(ActionPage):
    """Somebody's token, made worthless."""

    needs = Can.REVOKE_TOKENS
    model = ApiToken
    form_class = Form
    done = _("The token no longer opens anything.")

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = ApiToken.objects.revocable_by(self.me)
        return rows

    def back(self) -> str:
        return address("tenancy:token_all", self.request.company)

    def do(self, form: Form) -> None:
        revoke_token(token=self.row, by=self.actor, now=self.now)
