"""Which companies have a delivery that is due: asked over all of them, ids only."""

from django.db import migrations

CREATE = """
CREATE FUNCTION notifications_companies_due(moment timestamptz) RETURNS TABLE (company_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT d.company_id FROM notifications_delivery d WHERE d.next_attempt_at <= moment
$$
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION notifications_companies_due(timestamptz)"),
    ]
