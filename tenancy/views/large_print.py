"""Large print (长辈版): for whoever reads better so, on every device once they have signed in."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views import View

from tenancy.models import User
from tenancy.views.choosing import ONE_YEAR, way_back

COOKIE, LARGE = "print", "large"


@method_decorator(login_not_required, name="dispatch")
class SetLargePrint(View):
    """Takes the wish, for this browser and for the person's own record."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponseRedirect(way_back(request))
        wanted = request.POST.get("print", "") == LARGE
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(large_print=wanted)
        if wanted:
            response.set_cookie(
                COOKIE,
                LARGE,
                max_age=ONE_YEAR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        else:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response
