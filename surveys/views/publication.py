"""What owners are told of a wave: begun, written, approved by somebody else, withdrawn."""

from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.forms import Form
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy as _

from surveys.forms.publication import (
    ApproveForm,
    BeginForm,
    PublicationForm,
    QuotingForm,
    WithdrawForm,
)
from surveys.models import (
    Audience,
    Improvement,
    Publication,
    PublicationLine,
    PublicationStage,
    Stage,
    Wave,
)
from surveys.services.cells import Scope
from surveys.services.coding import categories, narrowed
from surveys.services.improving_values import BY_DIMENSION, DIMENSIONS, INDEX, WHOLE_INDEX
from surveys.services.publishing import (
    approve_publication,
    change_publication,
    communities_of,
    differs,
    draft_publication,
    is_alone,
    mark_of_draft,
    withdraw_publication,
)
from surveys.services.publishing_document import document_of, standings
from surveys.services.publishing_lines import left_out
from surveys.services.publishing_quotes import (
    MOST,
    is_telling,
    quotable,
    quote_text,
    shortened_from,
)
from surveys.services.publishing_words import asked_in, said, translated_to, words_in
from surveys.services.results_words import decimal
from surveys.views.meanwhile import MeanwhilePage
from surveys.views.publication_shown import shown
from tenancy.models import AuditEntry
from tenancy.pages import ActionPage, DetailPage, EditPage, ListPage
from tenancy.permissions import Can

NAMED = ("wave__survey", "wave__edition", "community", "changed_by", "approved_by")
AT_ONCE = 40  # texts to choose quotes from
MOST_HISTORY = 30


def address(name: str, page: Any, pk: Any) -> str:
    return reverse(f"surveys:{name}", kwargs={"company": page.request.company.slug, "pk": pk})


class PublicationListPage(ListPage):
    """Every publication, the newest first."""

    needs = Can.READ_SURVEYS
    title = _("What owners are told")
    template_name = "surveys/publication_list.html"

    def rows(self) -> Any:
        """One query for a page of them."""
        visible = Publication.objects.visible_to(self.me).select_related(*NAMED)
        return visible.defer("document").order_by("-created_at", "-id")


class WavePublicationsPage(DetailPage):
    """Which communities of a wave have been told, and which have not."""

    needs = Can.READ_SURVEYS
    model = Wave
    title = _("What owners are told")
    template_name = "surveys/publication_wave.html"

    def rows(self) -> Any:
        return super().rows().select_related("survey")

    def context(self, **more: Any) -> dict[str, Any]:
        wave = self.row
        begun = Publication.objects.visible_to(self.me).filter(wave=wave).select_related(*NAMED)
        by_community = {each.community_id: each for each in begun.defer("document")}
        places = communities_of(wave, self.me)
        return super().context(
            wave=wave,
            places=[(each, by_community.get(each.pk)) for each in places],
            is_for_staff=wave.survey.audience == Audience.STAFF,
            is_counted=wave.stage == Stage.COUNTED,
            **more,
        )


class PublicationAddPage(ActionPage):
    """Begin to write for one community."""

    needs = Can.PUBLISH
    model = Wave
    form_class = BeginForm

    def rows(self) -> Any:
        return super().rows().select_related("survey", "edition")

    def back(self) -> str:
        if hasattr(self, "begun"):
            return address("publication_change", self, self.begun.pk)
        return address("wave_publications", self, self.row.pk)

    def do(self, form: Form) -> None:
        asked = form.cleaned_data["community"]
        places = [each for each in communities_of(self.row, self.me) if each.pk == asked]
        if not places:
            raise Http404(gettext("There is nothing here."))
        self.begun = draft_publication(
            wave=self.row, community=places[0], by=self.actor, now=self.now
        )


class PublicationView(DetailPage):
    """What every page about one publication shares."""

    needs = Can.READ_SURVEYS
    model = Publication

    def rows(self) -> Any:
        return super().rows().select_related(*NAMED)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.request.company.zone)

    @cached_property
    def draft(self) -> dict[str, Any]:
        """As it would be read if it were approved now."""
        return document_of(self.row, zone=self.zone, now=self.now)

    def preview(self) -> dict[str, Any]:
        return shown(self.draft, self.request.GET.get("in") or get_language() or "")


class PublicationPage(PublicationView):
    """The publication as it will be read, who wrote it, and what is to be done next."""

    template_name = "surveys/publication.html"

    def context(self, **more: Any) -> dict[str, Any]:
        row = self.row
        may = self.me.can(Can.PUBLISH)
        return super().context(
            title=f"{row.community.name} · {row.wave.name}",
            wave=row.wave,
            may=may,
            is_mine=row.changed_by_id == self.me.pk,
            is_alone=may and is_alone(row, self.me),
            is_published=row.stage == PublicationStage.APPROVED,
            is_withdrawn=row.stage == PublicationStage.WITHDRAWN,
            is_correction=row.published_at is not None,
            stands=row.stage == PublicationStage.APPROVED and not differs(row, self.draft),
            unchecked=row.quotes.filter(is_checked=False).count(),
            shortened=shortened_from(row, self.me),
            approve_form=ApproveForm(initial={"seen": mark_of_draft(row)}),
            withdraw_form=WithdrawForm(),
            history=self.history(),
            public_at=self.request.build_absolute_uri(address("published", self, row.pk)),
            document=self.preview(),
            **more,
        )

    def history(self) -> list[AuditEntry]:
        """Who did what to it, the newest first: from the log, which nobody can change."""
        rows = AuditEntry.objects.filter(subject="publication", subject_id=self.row.pk)
        newest = rows.select_related("by").order_by("-at", "-id")[:MOST_HISTORY]
        found = []
        for each in newest:
            each.note = each.detail.get("note") or each.detail.get("reason", "")
            each.alone = each.detail.get("alone", False)
            found.append(each)
        return found


class PublicationChangePage(PublicationView, MeanwhilePage):
    """Write it: its words, what is shown, what was done, and whom it quotes."""

    needs = Can.PUBLISH
    template_name = "surveys/publication_form.html"
    form_class: Any = PublicationForm
    done = _("Saved. Everybody reads it once somebody else has approved it.")

    @property
    def language(self) -> str:
        return translated_to(self.row.language)

    def form_arguments(self) -> dict[str, Any]:
        row = self.row
        words = row.translations.get(self.language, {})
        return {
            "language": self.language,
            "items": self.items(),
            "lines": self.lines(),
            "quotes": self.quotes(),
            "initial": {
                "seen": mark_of_draft(row),
                "title": row.title,
                "introduction": row.introduction,
                "title_translated": words.get("title", ""),
                "introduction_translated": words.get("introduction", ""),
                "items": row.items,
                "may_be_found": row.may_be_found,
            },
        }

    def items(self) -> list[tuple[str, str]]:
        """Everything that may be told, with its value; what was chosen and is not told, too."""
        row, language = self.row, get_language() or ""
        asked = asked_in(row.wave)
        found = [(INDEX, str(WHOLE_INDEX))]
        found += [(f"{BY_DIMENSION}{key.value}", str(name)) for key, name in DIMENSIONS.items()]
        found += [
            (
                each.item.name,
                f"{said(words_in(each.item, asked), language)} · {decimal(each.now.value)}",
            )
            for each in standings(row.wave, Scope(row.community_id))
        ]
        known = {name for name, _words in found}
        return found + [(name, name) for name in row.items if name not in known]

    def lines(self) -> list[dict[str, Any]]:
        """Those that are written, then improvements that nobody has told of yet."""
        rows = self.row.lines.select_related("improvement__wave").order_by("position", "id")
        found = [self.line(each) for each in rows]
        return found + [
            {"improvement": each.pk, "text": each.ticket.title, "about": each, "is_new": True}
            for each in left_out(self.row)
        ]

    def line(self, row: PublicationLine) -> dict[str, Any]:
        about: Improvement | None = row.improvement
        return {
            "improvement": row.improvement_id,
            "text": row.text,
            "translated": row.translations.get(self.language, ""),
            "state": row.state,
            "about": about,
        }

    def quotes(self) -> list[dict[str, Any]]:
        rows = self.row.quotes.select_related("mark").order_by("mark_id")
        return [
            {
                "mark": each.mark_id,
                "text": each.text,
                "is_checked": each.is_checked,
                "original": each.mark.text,
                "is_telling": is_telling(each.text),
            }
            for each in rows
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            title=gettext("Write to the owners of %(name)s") % {"name": self.row.community.name},
            wave=self.row.wave,
            language_name=dict(settings.LANGUAGES)[self.language],
            language=self.language,
            **more,
        )

    def mark(self) -> str:
        return mark_of_draft(self.row)

    def address(self) -> str:
        return address("publication", self, self.row.pk)

    def act(self, form: Any) -> str:
        change_publication(
            publication=self.row,
            content=form.content,
            seen=form.cleaned_data["seen"],
            by=self.actor,
            now=self.now,
        )
        if "quotes" in self.request.POST:
            return address("publication_quotes", self, self.row.pk)
        return address("publication", self, self.row.pk)


class PublicationAction(ActionPage):
    """Something done to a publication; afterwards one is on its page."""

    needs = Can.PUBLISH
    model = Publication

    def rows(self) -> Any:
        return super().rows().select_related(*NAMED)

    def back(self) -> str:
        return address("publication", self, self.row.pk)


class PublicationApprovePage(PublicationAction):
    """Let everybody read it, as it is now."""

    form_class = ApproveForm
    done = _("Published. Everybody can read it now.")

    def do(self, form: Form) -> None:
        sent = form.cleaned_data
        approve_publication(
            publication=self.row, seen=sent["seen"], note=sent["note"],
            by=self.actor, now=self.now,
        )  # fmt: skip


class PublicationWithdrawPage(PublicationAction):
    """Take it away from everybody's eyes."""

    form_class = WithdrawForm
    done = _("Withdrawn. Whoever opens the page reads why.")

    def do(self, form: Form) -> None:
        reason = form.cleaned_data["reason"]
        withdraw_publication(publication=self.row, reason=reason, by=self.actor, now=self.now)


class PublicationQuotesPage(PublicationView, EditPage):
    """Texts of the community, to choose quotes from by hand."""

    needs = Can.PUBLISH
    title = _("Choose quotes")
    template_name = "surveys/publication_quotes.html"
    form_class: Any = QuotingForm

    @property
    def number(self) -> int:
        asked = self.request.GET.get("page", "1")
        return min(max(int(asked), 1), 500) if asked.isdecimal() and len(asked) < 5 else 1

    @cached_property
    def code(self) -> str:
        asked = self.request.GET.get("code", "")
        return asked if asked in {str(each.pk) for each in self.categories} else ""

    @cached_property
    def categories(self) -> list[Any]:
        return list(categories())

    def context(self, **more: Any) -> dict[str, Any]:
        search = self.request.GET.get("search", "")[:100]
        texts = narrowed(quotable(self.row), search=search, code=self.code)
        start = (self.number - 1) * AT_ONCE
        found = list(texts[start : start + AT_ONCE + 1])
        quoted: set[UUID] = set(self.row.quotes.values_list("mark_id", flat=True))
        return super().context(
            wave=self.row.wave,
            rows=[(each, each.pk in quoted, is_telling(each.text)) for each in found[:AT_ONCE]],
            categories=self.categories,
            code=self.code,
            search=search,
            count=len(quoted),
            most=MOST,
            page_number=self.number,
            has_next=len(found) > AT_ONCE,
            **more,
        )

    def act(self, form: Any) -> str:
        mark = form.cleaned_data["mark"]
        quote_text(publication=self.row, mark=mark, by=self.actor, now=self.now)
        query = self.request.GET.urlencode()
        at = address("publication_quotes", self, self.row.pk)
        return f"{at}?{query}#t-{mark}" if query else f"{at}#t-{mark}"
