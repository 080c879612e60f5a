"""An index by which somebody's address is found; addresses are kept in small letters."""

from django.db import migrations, models

import tenancy.migrating

SMALL_LETTERS = "UPDATE tenancy_user SET email = lower(email) WHERE email <> lower(email)"


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0008_platform")]

    operations = [
        migrations.AlterModelManagers(name="user", managers=[]),
        migrations.RunSQL(SMALL_LETTERS, migrations.RunSQL.noop),
        tenancy.migrating.AddIndex(
            model_name="user",
            index=models.Index(fields=["email"], name="user_by_email"),
        ),
    ]
