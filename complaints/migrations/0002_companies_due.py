"""Which companies have a deadline whose next step has come: asked over all of them, ids only."""

from django.db import migrations

CREATE = """
CREATE FUNCTION complaints_companies_due(moment timestamptz) RETURNS TABLE (company_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT d.company_id FROM complaints_deadline d WHERE d.next_action_at <= moment
$$
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]
    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION complaints_companies_due(timestamptz)"),
    ]
