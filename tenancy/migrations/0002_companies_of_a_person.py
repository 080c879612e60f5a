"""Which companies a person belongs to: the one question about memberships asked over all of them.

A function of the owner's role, because the application's role sees one company at a time. It
gives away ids only.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION tenancy_companies_of(person uuid) RETURNS TABLE (company_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.company_id FROM tenancy_membership m WHERE m.user_id = person AND m.is_active
$$
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]
    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION tenancy_companies_of(uuid)"),
    ]
