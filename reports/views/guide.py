"""The guide, a key away from every page."""

from typing import Any

from django.http import Http404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from reports.services.guide import chapters, own_chapter, read
from tenancy.pages import Page
from tenancy.permissions import Can


class GuidePage(Page):
    """One chapter: the visitor's own unless the address names another."""

    needs = Can.BE_HERE
    template_name = "reports/guide.html"
    title = gettext_lazy("Guide")

    def context(self, **more: Any) -> dict[str, Any]:
        known = chapters(self.me)
        slug = self.kwargs.get("slug") or own_chapter(self.me)
        if slug not in {each.slug for each in known}:
            raise Http404(_("There is nothing here."))
        heading, text = read(slug, picture=picture, chapter=self.address)
        found = [(each, self.address(each.slug), each.slug == slug) for each in known]
        return super().context(heading=heading, text=text, chapters=found, **more)

    def address(self, slug: str) -> str:
        company = self.request.company.slug
        return reverse("reports:guide_chapter", kwargs={"company": company, "slug": slug})


def picture(name: str) -> str:
    return static(f"guide/{name}")
