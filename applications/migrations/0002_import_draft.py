"""Rows read from a file while the person looks at what they would change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("members", "List of members"), ("workbook", "Workbook of the application")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("content", models.JSONField(verbose_name="rows read")),
                ("mapping", models.JSONField(blank=True, default=dict, verbose_name="columns")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created on")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="import_drafts", to="applications.application"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "import in progress",
                "verbose_name_plural": "imports in progress",
                "constraints": [
                    models.UniqueConstraint(fields=("application", "user", "kind"), name="import_draft_one_per_person_and_kind")
                ],
            },
        ),
    ]
