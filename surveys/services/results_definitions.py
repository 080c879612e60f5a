"""What the figures of a wave's results mean, in words."""

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _, pgettext_lazy

Text = str | LazyText

DEFINITIONS: tuple[tuple[Text, Text], ...] = (
    (
        _("What is told"),
        _(
            "Nothing is told of fewer than five answers, and nothing by which fewer than five could"
            " be worked out from what else is told: of a building, a community or a group it is"
            " left out then, and another one with it. Which answers belong together is told"
            " nowhere."
        ),
    ),
    (
        _("Did not answer"),
        _("Households or persons who were invited and sent nothing. What they think is not known."),
    ),
    (
        _("Mean"),
        _(
            "The sum of all marks by their number. Marks of 1 and 2 of 5, and 0 to 6 of 10, count"
            " as low."
        ),
    ),
    (
        pgettext_lazy("definition", "Net promoter score"),
        _(
            "Of 0 to 10: the share of nines and tens less the share of noughts to sixes. It lies"
            " between −100 and +100."
        ),
    ),
    (
        pgettext_lazy("of an item", "Weak"),
        _(
            "The mean lies below 60 of 100, on the way from the worst mark to the best: below 3.4"
            " of 5."
        ),
    ),
    (
        pgettext_lazy("of choices", "Ranking"),
        _("The bar shows who put it first; beside it stands the mean place of all."),
    ),
    (
        _("More than chance"),
        _(
            "Said only where chance alone would make such a difference in fewer than 5 of 100 cases"
            " (Welch's test of means, the same and the pooled test of shares), with ten answers on"
            " either side at least. Where few agree, three more of the best and three of the worst"
            " marks are reckoned with, for they are not everybody. Among many comparisons the bar"
            " is raised accordingly (Bonferroni)."
        ),
    ),
)
