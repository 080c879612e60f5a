"""The audit log in sentences: who did what to what, and what it was before."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from tenancy.models import AuditEntry, Company
from tenancy.permissions import Role

register = template.Library()

# What is written under `action` → what it is called. Whatever is not here is shown as it stands.
ACTIONS: Mapping[str, Any] = {
    "reveal_phone": gettext_lazy("saw a phone number in clear"),
    "reveal_id_number": gettext_lazy("saw an identity number in clear"),
    "phone_for_job": gettext_lazy("saw how to reach an owner, for a job"),
    "create_owner": gettext_lazy("added somebody to the owner archive"),
    "update_owner": gettext_lazy("changed facts of an owner"),
    "grant_portal_access": gettext_lazy("let an owner sign in"),
    "add_family_member": gettext_lazy("added a family member to a unit"),
    "end_family_tie": gettext_lazy("took a family member off a unit"),
    "join_ticket": gettext_lazy("joined a ticket of somebody else"),
    "leave_ticket": gettext_lazy("left a ticket of somebody else"),
    "reassign_many": gettext_lazy("handed over several tickets"),
    "set_absence": gettext_lazy("entered an absence"),
    "end_absence": gettext_lazy("ended an absence"),
    "invite_member": gettext_lazy("invited a member of staff"),
    "change_member": gettext_lazy("changed a member of staff"),
    "dismiss_member": gettext_lazy("let a member of staff go"),
    "readmit_member": gettext_lazy("let a member of staff in again"),
    "require_second_factor": gettext_lazy("changed who needs a second factor"),
    "reset_second_factor": gettext_lazy("took away somebody's second factor"),
    "make_token": gettext_lazy("made an API token"),
    "revoke_token": gettext_lazy("revoked an API token"),
    "add_community": gettext_lazy("added a community"),
    "change_community": gettext_lazy("changed a community"),
    "add_department": gettext_lazy("added a department"),
    "change_department": gettext_lazy("changed a department"),
    "add_units": gettext_lazy("added units by range"),
    "add_unit": gettext_lazy("added a unit"),
    "change_building": gettext_lazy("changed a building"),
    "change_unit": gettext_lazy("changed a unit"),
    "set_company": gettext_lazy("changed the company's facts"),
    "set_logo": gettext_lazy("set the company's logo"),
    "remove_logo": gettext_lazy("took the company's logo away"),
    "add_category": gettext_lazy("added a category"),
    "change_category": gettext_lazy("changed a category"),
    "add_answer": gettext_lazy("prepared an answer"),
    "change_answer": gettext_lazy("changed a prepared answer"),
    "delete_answer": gettext_lazy("deleted a prepared answer"),
    "add_promise": gettext_lazy("added a promise"),
    "set_promise": gettext_lazy("changed a promise"),
    "set_policy": gettext_lazy("changed how the machine pushes"),
    "set_week": gettext_lazy("changed the usual opening times"),
    "add_day": gettext_lazy("set a special day"),
    "set_days": gettext_lazy("set special days"),
    "remove_day": gettext_lazy("took a special day away"),
    "resend_delivery": gettext_lazy("sent an undelivered message again"),
    "resend_all_deliveries": gettext_lazy("sent all undelivered messages again"),
    "settle_delivery": gettext_lazy("laid an undelivered message aside"),
    "create_survey": gettext_lazy("made a survey"),
    "rewrite_survey": gettext_lazy("rewrote a survey's questions"),
    "set_rhythm": gettext_lazy("changed how often a survey is asked"),
    "plan_wave": gettext_lazy("planned a wave of a survey"),
    "change_wave": gettext_lazy("changed the plan of a wave"),
    "cancel_wave": gettext_lazy("called a wave off"),
    "open_wave": gettext_lazy("opened a wave"),
    "hasten_wave": gettext_lazy("let a wave open at once"),
    "prolong_wave": gettext_lazy("prolonged a wave"),
    "close_wave": gettext_lazy("closed a wave"),
    "count_wave": gettext_lazy("counted a wave"),
    "finish_wave": gettext_lazy("finished a wave"),
    "miss_wave": gettext_lazy("left a wave behind whose days had passed"),
    "repeat_refused": gettext_lazy("could not plan the next wave"),
    "code_texts": gettext_lazy("put texts of a survey to a category"),
    "uncode_texts": gettext_lazy("took texts of a survey out of a category"),
    "keep_question": gettext_lazy("kept a question in the bank"),
    "forget_question": gettext_lazy("took a question out of the bank"),
    "set_index_weights": gettext_lazy("changed the weights of the index"),
    "improve": gettext_lazy("decided on an improvement"),
    "print_slips": gettext_lazy("printed slips with codes of a survey"),
    "draft_publication": gettext_lazy("began to write to owners what a survey found"),
    "change_publication": gettext_lazy("changed what owners are to be told"),
    "approve_publication": gettext_lazy("published what a survey found and what was done"),
    "withdraw_publication": gettext_lazy("took back what was published"),
    "platform_enter": gettext_lazy("came from the platform to look"),
    "platform_leave": gettext_lazy("ended an access of the platform"),
    "platform_page": gettext_lazy("opened a page, as operator of the platform"),
    "platform_create": gettext_lazy("took the company on board"),
    "platform_suspend": gettext_lazy("suspended the portal"),
    "platform_resume": gettext_lazy("let the portal go on"),
    "platform_export": gettext_lazy("exported the whole company"),
}
# What a thing is called, and the page that shows it.
SUBJECTS: Mapping[str, tuple[Any, str]] = {
    "owner": (gettext_lazy("owner"), "owners:owner_detail"),
    "ticket": (gettext_lazy("ticket"), "complaints:ticket_detail"),
    "membership": (gettext_lazy("member"), "tenancy:member"),
    "community": (gettext_lazy("community"), "owners:community"),
    "building": (gettext_lazy("building"), "owners:building"),
    "unit": (gettext_lazy("unit"), "owners:unit"),
    "department": (gettext_lazy("department"), "tenancy:department"),
    "category": (gettext_lazy("category"), "complaints:category"),
    "publication": (gettext_lazy("publication"), "surveys:publication"),
    "platformaccess": (gettext_lazy("access of the platform"), ""),
}
FIELDS: Mapping[str, Any] = {
    "name": gettext_lazy("name"),
    "name_en": gettext_lazy("English name"),
    "roles": gettext_lazy("roles"),
    "communities": gettext_lazy("communities"),
    "work_phone": gettext_lazy("work phone, last digits"),
    "departments": gettext_lazy("departments"),
    "department": gettext_lazy("department"),
    "category": gettext_lazy("category"),
    "supervises": gettext_lazy("supervises"),
    "address": gettext_lazy("address"),
    "hotline": gettext_lazy("hotline"),
    "language": gettext_lazy("language"),
    "zone": gettext_lazy("time zone"),
    "colour": gettext_lazy("colour"),
    "is_active": gettext_lazy("in use"),
    "position": gettext_lazy("place in lists"),
    "number": gettext_lazy("number"),
    "floor": gettext_lazy("floor"),
    "label": gettext_lazy("address"),
    "urgency": gettext_lazy("usual urgency"),
    "usual_minutes": gettext_lazy("usual working time (minutes)"),
    "amount": gettext_lazy("amount"),
    "measure": gettext_lazy("counted in"),
    "week": gettext_lazy("opening times"),
    "periods": gettext_lazy("opening times"),
    "on": gettext_lazy("day"),
    "until": gettext_lazy("until"),
    "note": gettext_lazy("reason"),
    "reason": gettext_lazy("reason"),
    "units": gettext_lazy("units"),
    "buildings": gettext_lazy("buildings"),
    "count": gettext_lazy("how many"),
    "scopes": gettext_lazy("rights"),
    "changed": gettext_lazy("changed"),
    "warn_before": gettext_lazy("warning, minutes before"),
    "manager_after": gettext_lazy("to the manager, minutes late"),
    "admin_after": gettext_lazy("to the admin, minutes later"),
    "call_again_after": gettext_lazy("next call, minutes"),
}
LONGEST = 160


def action_words(action: str) -> str:
    """What was done, in words."""
    return str(ACTIONS.get(action, action))


@register.filter
def deed(entry: AuditEntry) -> str:
    """`{{ entry|deed }}`: what was done, in words."""
    return action_words(entry.action)


@register.filter
def about(entry: AuditEntry) -> str:
    """About what: its name where one was written down, else what kind of thing it is."""
    kind, _page = SUBJECTS.get(entry.subject, (model_name(entry.subject), ""))
    name = entry.detail.get("name", "")
    return f"{capfirst(str(kind))} {name}".strip() if name else capfirst(str(kind))


@register.simple_tag
def about_url(entry: AuditEntry, company: Company) -> str:
    """The page of what an entry is about; nothing where there is none."""
    _kind, page = SUBJECTS.get(entry.subject, ("", ""))
    if not page or entry.subject_id is None:
        return ""
    try:
        return reverse(page, kwargs={"company": company.slug, "pk": entry.subject_id})
    except NoReverseMatch:
        return ""


@register.filter
def particulars(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """What changed: name, before, after. What was only written down has no before."""
    detail = dict(entry.detail)
    before, after = detail.pop("before", None), detail.pop("after", None)
    lines = []
    if isinstance(before, Mapping):
        after = after if isinstance(after, Mapping) else {}
        lines = [
            (field_words(name), written(was), written(after.get(name)) if name in after else "")
            for name, was in before.items()
            if after.get(name, ...) != was
        ]
    rest = [(name, value) for name, value in detail.items() if name in FIELDS and name != "name"]
    return lines + [(field_words(name), "", written(value)) for name, value in rest]


def field_words(name: str) -> str:
    return capfirst(str(FIELDS.get(name, name)))


def written(value: Any) -> str:
    """A stored value as it is read: yes and no, lists with commas, roles by their names."""
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(written(each) for each in value)[:LONGEST]
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {written(each)}" for key, each in value.items())[:LONGEST]
    text = str(value)
    return str(Role(text).label) if text in Role.values else text[:LONGEST]


def model_name(subject: str) -> str:
    """What kind of row it is, as the model calls itself."""
    for model in apps.get_models():
        if model._meta.model_name == subject:
            return str(model._meta.verbose_name)
    return subject
