"""Migrations of new tables: the key that others need stands before those who need it."""

from django.db.migrations.operations import AddConstraint, AddField, CreateModel

from tenancy.constraints import CompanyPolicy, CompanyPrimaryKey, CompanyReference
from tenancy.fields import GlobalForeignKey
from tenancy.management.ordering import keys_first


def test_keys_come_before_the_first_reference_and_nothing_else_moves() -> None:
    tables = [CreateModel("Wave", []), CreateModel("Ballot", [])]
    reference = AddConstraint("ballot", CompanyReference(field="wave", name="ballot_wave"))
    wall = AddConstraint("wave", CompanyPolicy(name="wave_wall"))
    keys = [
        AddConstraint(each, CompanyPrimaryKey(name=f"{each}_key")) for each in ("ballot", "wave")
    ]
    written = [*tables, keys[0], reference, wall, keys[1]]
    assert keys_first(written) == [*tables, *keys, reference, wall]
    assert keys_first([*tables, wall]) == [*tables, wall]


def test_key_waits_for_the_company_of_its_table() -> None:
    table = CreateModel("Verdict", [])
    key = AddConstraint("verdict", CompanyPrimaryKey(name="verdict_key"))
    reference = AddConstraint("call", CompanyReference(field="place", name="call_place"))
    company = AddField("verdict", "company", GlobalForeignKey("tenancy.Company"))
    assert keys_first([table, reference, key, company]) == [table, company, key, reference]
