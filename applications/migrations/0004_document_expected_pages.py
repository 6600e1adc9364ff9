from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0003_people")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="expected_pages",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Pages of the generated document of which this file is the signed copy.",
                null=True,
                verbose_name="pages expected",
            ),
        ),
    ]
