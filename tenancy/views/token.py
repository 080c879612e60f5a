"""A member's API tokens."""

from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from tenancy.forms.token import TokenForm
from tenancy.models import ApiToken
from tenancy.models.token import TokenScope
from tenancy.pages import ActionPage, CreatePage
from tenancy.permissions import Can
from tenancy.services.refusal import Refused
from tenancy.services.tokens import make_token, revoke_token
from tenancy.templatetags.navigation import address


class TokenPage(CreatePage):
    """One's tokens, a form for one more, and the plain text of the one just made, once."""

    needs = Can.MAKE_TOKENS
    template_name = "tenancy/token_list.html"
    title = _("API tokens")
    form_class = TokenForm

    def form_arguments(self) -> dict[str, Any]:
        return {"me": self.me}

    def context(self, **more: Any) -> dict[str, Any]:
        tokens = ApiToken.objects.visible_to(self.me).filter(revoked_at=None)
        rows = list(tokens.order_by("-created_at", "pk"))
        for token in rows:
            token.scope_labels = [TokenScope(scope).label for scope in token.scopes]
        return super().context(rows=rows, **more)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        # No redirect: the plain text is shown in this answer and kept nowhere.
        form = TokenForm(self.request.POST, me=self.me)
        if not form.is_valid():
            return self.show(status=422, form=form)
        try:
            token, plain = self.make(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(status=422, form=form)
        response = self.show(status=201, form=TokenForm(me=self.me), made=token, plain=plain)
        response["Cache-Control"] = "no-store"
        return response

    def make(self, form: TokenForm) -> tuple[ApiToken, str]:
        return make_token(
            membership=self.me,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=self.now + form.validity if form.validity else None,
            now=self.now,
            by=self.actor,
        )


class TokenRevoke(ActionPage):
    """One of one's own tokens, made worthless."""

    needs = Can.MAKE_TOKENS
    model = ApiToken
    form_class = Form
    done = _("The token no longer opens anything.")

    def back(self) -> str:
        return address("tenancy:tokens", self.request.company)

    def do(self, form: Form) -> None:
        revoke_token(token=self.row, by=self.actor, now=self.now)
