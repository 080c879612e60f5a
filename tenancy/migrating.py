"""Operations of migrations that cost what they do, and no more."""

from typing import Any

from django.db import migrations


class _Quiet:
    """What is added to the options of a model, without making every model anew.

    Django renders a model and all that are related to it once more after each of its constraints
    and indexes, a tenth of a second at a time. Nothing looks at them there before the next change
    of a field, and that renders them.
    """

    option_name: str
    model_name_lower: str

    def state_forwards(self, app_label: str, state: Any) -> None:
        options = state.models[app_label, self.model_name_lower].options
        options[self.option_name] = [*options.get(self.option_name, ()), self.added()]

    def added(self) -> Any:
        raise NotImplementedError


class AddConstraint(_Quiet, migrations.AddConstraint):
    """Adds a constraint to a table."""

    option_name = "constraints"

    def added(self) -> Any:
        return self.constraint


class AddIndex(_Quiet, migrations.AddIndex):
    """Adds an index to a table."""

    option_name = "indexes"

    def added(self) -> Any:
        return self.index


def quiet(operation: Any) -> Any:
    """The same operation, in its quiet form where there is one."""
    if type(operation) is migrations.AddConstraint:
        return AddConstraint(operation.model_name, operation.constraint)
    if type(operation) is migrations.AddIndex:
        return AddIndex(operation.model_name, operation.index)
    return operation
