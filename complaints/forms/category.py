"""What the admin says about a category."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from complaints.models import ComplaintClass, Kind, Urgency
from complaints.models.kinds import SPOKEN
from tenancy.models import Department
from tenancy.templatetags.icons import DRAWINGS

# The drawings that say what a ticket can be about, as the owner's tiles show them.
ICONS = {
    "complaint": _("speech bubble"),
    "elevator": _("lift"),
    "water": _("drop"),
    "pipe": _("tap"),
    "light": _("lamp"),
    "power": _("flash"),
    "door": _("door"),
    "wall": _("wall"),
    "fire": _("flame"),
    "noise": _("loudspeaker"),
    "parking": _("parking sign"),
    "security": _("shield"),
    "cleaning": _("broom"),
    "greening": _("plant"),
    "pest": _("beetle"),
    "service": _("bell of a desk"),
    "fee": _("receipt"),
    "improvement": pgettext_lazy("an icon", "improvement"),
    "alarm": _("siren"),
    "repair": _("spanner"),
    "bulb": _("light bulb"),
    "heart": _("heart"),
    "question": _("question mark"),
}
SEVERAL_DAYS = 2400  # minutes: five working days


class CategoryForm(forms.Form):
    """Names, where its tickets go, and how urgent they usually are."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=40)
    name_en = forms.CharField(
        label=_("English name"),
        max_length=60,
        required=False,
        help_text=_("For readers of English."),
    )
    department: Any = forms.ModelChoiceField(
        label=_("Department"),
        required=False,
        queryset=None,
        empty_label=_("none: the desk decides"),
        help_text=_("Gets its tickets first."),
    )
    urgency = forms.ChoiceField(label=_("Usual urgency"), choices=Urgency.choices)
    usual_minutes = forms.IntegerField(
        label=_("Usual working time (minutes)"),
        min_value=5,
        max_value=SEVERAL_DAYS,
        initial=60,
        help_text=_("What somebody's load is counted in."),
    )
    icon = forms.ChoiceField(label=_("Icon"), choices=list(ICONS.items()), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["department"]
        field.queryset = Department.objects.filter(is_active=True).order_by("position", "name")
        drawn: Any = self.fields["icon"]
        # One that was drawn otherwise stays what it is.
        known = {**ICONS, **{name: name for name in [self.initial.get("icon")] if name in DRAWINGS}}
        drawn.choices = [(name, ICONS.get(name, label)) for name, label in known.items()]


class NewCategoryForm(CategoryForm):
    """The same, and what kind of ticket it is for: that never changes."""

    place = forms.ChoiceField(label=_("For"))
    field_order = ("place", "name", "name_en", "department", "urgency", "usual_minutes", "icon")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.choices = places()

    def clean_place(self) -> dict[str, str]:
        kind, _between, complaint_class = str(self.cleaned_data["place"]).partition(":")
        return {"kind": kind, "complaint_class": complaint_class}


def places() -> list[tuple[str, str]]:
    """Kinds of ticket; complaints by their class."""
    classes = [
        (f"{Kind.COMPLAINT}:{cls.value}", f"{Kind.COMPLAINT.label} · {cls.label}")
        for cls in ComplaintClass
    ]
    others = [(kind.value, str(kind.label)) for kind in SPOKEN if kind is not Kind.COMPLAINT]
    return [*classes, *others]


class CategoryChangeForm(CategoryForm):
    """A category, its place in lists, and whether it can still be chosen."""

    position = forms.IntegerField(
        label=_("Place in lists"),
        min_value=0,
        max_value=999,
        help_text=_("The lowest comes first."),
    )
    is_active = forms.BooleanField(label=_("Can be chosen"), required=False)
