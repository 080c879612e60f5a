from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0004_looks_of_companies"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="large_print",
            field=models.BooleanField(default=False, verbose_name="large print"),
        ),
    ]
