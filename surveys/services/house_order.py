"""The order in which people go past houses: 1栋, 2栋, 10栋; 1单元102 before 2单元101."""

from django.db.models import F, Func, TextField


class AsCounted(Func):
    """A name to sort by: every number in it as long as six digits."""

    template = (
        r"regexp_replace(regexp_replace(%(expressions)s, '(\d+)', '000000\1', 'g'), "
        r"'0*(\d{6})', '\1', 'g')"
    )
    output_field = TextField()


# Buildings as people go past them; None is everybody of a community, and comes first.
BUILDINGS = (
    F("building__position").asc(nulls_first=True),
    AsCounted("building__name").asc(nulls_first=True),
    "building_id",
)
# Homes as letter boxes hang: entrance by entrance, and upwards.
HOMES = (AsCounted("unit__number"), "id")
