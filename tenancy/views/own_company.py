"""The company's own facts and looks, for its admin."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenancy.forms.structure import CompanyForm, LogoForm, LooksForm
from tenancy.pages import FormPage, Page
from tenancy.permissions import Can
from tenancy.services.branding import remove_logo, rule, set_colour, set_company, set_logo
from tenancy.services.contrast import HEX, Palette, contrast, dark_palette, light_palette
from tenancy.views.guided import Guided

USUAL = "#0c6955"  # the portal's own
PRESETS = ("#0c6955", "#1456a8", "#7a2e8e", "#b3261e", "#a35200", "#37474f")


class CompanyPage(Guided, FormPage):
    """Name, hotline, language and zone."""

    needs = Can.SET_COMPANY
    title = _("Company")
    template_name = "tenancy/company_form.html"
    form_class = CompanyForm
    done = _("Saved.")

    def form_arguments(self) -> dict[str, Any]:
        return {"company": self.request.company}

    def act(self, form: Any) -> str:
        set_company(company=self.request.company, by=self.actor, now=self.now, **form.cleaned_data)
        return self.after(self.request.path)


class LooksView(Page):
    """What the parts of the page about looks share."""

    needs = Can.SET_COMPANY
    title = _("Looks")
    template_name = "tenancy/looks.html"

    def context(self, **more: Any) -> dict[str, Any]:
        colour = str(self.request.GET.get("colour", "")).lower()
        colour = colour if HEX.fullmatch(colour) else self.request.company.colour or USUAL
        return super().context(
            **{
                "colour": colour,
                "presets": PRESETS,
                "form": LooksForm(initial={"colour": colour}),
                "logo_form": LogoForm(),
                "themes": [
                    ("light", _("Light"), measured(light_palette(colour), "#ffffff")),
                    ("dark", _("Dark"), measured(dark_palette(colour), "#15201d")),
                ],
                "adjusted": light_palette(colour).brand != colour,
                **more,
            }
        )

    def address(self) -> str:
        return reverse("tenancy:looks", kwargs={"company": self.request.company.slug})


def measured(palette: Palette, surface: str) -> dict[str, Any]:
    """A palette, and how well its strong colour can be read on the surface."""
    return {"brand": palette.brand, "ratio": contrast(palette.brand, surface)}


class LooksPage(LooksView):
    """Colour and logo, shown in both themes; `?colour=` tries another one."""


class LooksSheet(LooksView):
    """The style sheet of a colour that is only tried: for the two samples on that page."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        colour = self.context()["colour"]
        themes = (("light", light_palette(colour)), ("dark", dark_palette(colour)))
        text = "@layer pages {\n" + "".join(
            rule(f'.looks-sample [data-bs-theme="{theme}"]', palette) for theme, palette in themes
        )
        return HttpResponse(text + "}\n", content_type="text/css; charset=utf-8")


class LooksForms(LooksView, FormPage):
    """One part of the looks that is saved on its own."""

    http_method_names = ["post", "options"]
    shown_as = "form"

    def show(self, status: int = 200, **more: Any) -> HttpResponse:
        return super().show(status, **{self.shown_as: more.pop("form")}, **more)


class ColourPage(LooksForms):
    """Takes a colour."""

    form_class = LooksForm
    done = _("Saved. Everybody sees the new colour from their next page on.")

    def act(self, form: Any) -> str:
        colour = form.cleaned_data["colour"].lower()
        set_colour(
            company=self.request.company,
            colour="" if colour == USUAL else colour,
            by=self.actor,
            now=self.now,
        )
        return self.address()


class LogoPage(LooksForms):
    """Takes a logo."""

    form_class = LogoForm
    shown_as = "logo_form"
    done = _("Saved. Everybody sees the new logo from their next page on.")

    def act(self, form: Any) -> str:
        set_logo(
            company=self.request.company,
            upload=form.cleaned_data["logo"],
            by=self.actor,
            now=self.now,
        )
        return self.address()


class LogoRemovePage(LooksForms):
    """Goes back to the portal's mark."""

    form_class = LogoForm
    done = _("The logo is taken away.")

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        remove_logo(company=self.request.company, by=self.actor, now=self.now)
        return HttpResponseRedirect(self.address())
