import uuid

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import applications.models.documents
import applications.reference
import clusters_portal.lib.code_list


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True, verbose_name="address")),
                (
                    "number_prefix",
                    models.CharField(
                        help_text="Deposits are numbered after it: CL-2026-0007.", max_length=20, unique=True, verbose_name="number prefix"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("is_demonstration", models.BooleanField(default=False, verbose_name="demonstration edition")),
                ("title_fr", models.CharField(max_length=200, verbose_name="title (French)")),
                ("title_ar", models.CharField(blank=True, max_length=200, verbose_name="title (Arabic)")),
                ("title_en", models.CharField(blank=True, max_length=200, verbose_name="title (English)")),
                ("summary_fr", models.TextField(help_text="Markdown.", verbose_name="purpose (French)")),
                ("summary_ar", models.TextField(blank=True, verbose_name="purpose (Arabic)")),
                ("summary_en", models.TextField(blank=True, verbose_name="purpose (English)")),
                ("audience_fr", models.TextField(verbose_name="who may apply (French)")),
                ("audience_ar", models.TextField(blank=True, verbose_name="who may apply (Arabic)")),
                ("audience_en", models.TextField(blank=True, verbose_name="who may apply (English)")),
                ("process_fr", models.TextField(verbose_name="selection process (French)")),
                ("process_ar", models.TextField(blank=True, verbose_name="selection process (Arabic)")),
                ("process_en", models.TextField(blank=True, verbose_name="selection process (English)")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published on")),
                ("opens_at", models.DateTimeField(verbose_name="opens on")),
                (
                    "deadline_at",
                    models.DateTimeField(
                        help_text="Compared inclusively, to the second, on the server's clock (clause 2.2).", verbose_name="deadline"
                    ),
                ),
                ("results_published_at", models.DateTimeField(blank=True, null=True, verbose_name="results published on")),
                (
                    "places",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Projects to be selected (clause 1.3); empty when the call document gives no number.",
                        null=True,
                        verbose_name="places",
                    ),
                ),
                ("waiting_list_enabled", models.BooleanField(default=True, verbose_name="waiting list")),
                ("new_allowed", models.BooleanField(default=True, verbose_name="new clusters may apply")),
                ("existing_allowed", models.BooleanField(default=False, verbose_name="existing clusters may apply")),
                (
                    "existing_min_support_years",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Strictly more than this (2023 call).",
                        null=True,
                        verbose_name="years of support an existing cluster must have exceeded",
                    ),
                ),
                ("min_members", models.PositiveSmallIntegerField(default=15, verbose_name="minimum members")),
                (
                    "members_severity",
                    models.CharField(
                        choices=[("block", "Prevents the deposit"), ("warn", "Warns, with acknowledgement")],
                        default="block",
                        max_length=5,
                        verbose_name="members: severity",
                    ),
                ),
                (
                    "min_qualifying_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=60,
                        max_digits=5,
                        validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)],
                        verbose_name="minimum industrial share (%)",
                    ),
                ),
                (
                    "qualifying_severity",
                    models.CharField(
                        choices=[("block", "Prevents the deposit"), ("warn", "Warns, with acknowledgement")],
                        default="block",
                        max_length=5,
                        verbose_name="industrial share: severity",
                    ),
                ),
                (
                    "min_self_financing_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=40,
                        max_digits=5,
                        validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)],
                        verbose_name="minimum self-financing, year 1 (%)",
                    ),
                ),
                (
                    "self_financing_severity",
                    models.CharField(
                        choices=[("block", "Prevents the deposit"), ("warn", "Warns, with acknowledgement")],
                        default="block",
                        max_length=5,
                        verbose_name="self-financing: severity",
                    ),
                ),
                (
                    "self_financing_formula",
                    models.CharField(
                        choices=[
                            ("own_over_income", "Own resources over total income"),
                            ("own_over_expenses", "Own resources over total expenses"),
                        ],
                        default="own_over_income",
                        max_length=20,
                        verbose_name="self-financing formula",
                    ),
                ),
                ("base_year", models.PositiveSmallIntegerField(help_text="« Année 1 » of the budget.", verbose_name="first contract year")),
                (
                    "deposit_mode",
                    models.CharField(
                        choices=[
                            ("online_plus_paper", "Online, then paper copies at the counter"),
                            ("online_only", "Online only"),
                            ("paper_only", "Paper only"),
                        ],
                        default="online_plus_paper",
                        max_length=20,
                        verbose_name="way of deposit",
                    ),
                ),
                (
                    "required_copies",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)],
                        verbose_name="paper copies",
                    ),
                ),
                (
                    "complement_allowed",
                    models.BooleanField(
                        default=False, help_text="Incomplete files are not accepted (clause 2.2).", verbose_name="complement requests"
                    ),
                ),
                (
                    "legalisation_max_age_months",
                    models.PositiveSmallIntegerField(default=6, verbose_name="age of the legalisation (months)"),
                ),
                ("max_file_mb", models.PositiveSmallIntegerField(default=20, verbose_name="largest file (MB)")),
                ("max_total_mb", models.PositiveSmallIntegerField(default=200, verbose_name="all files (MB)")),
                ("min_evaluators", models.PositiveSmallIntegerField(default=3, verbose_name="evaluators per application")),
                ("declaration_version", models.CharField(default="2026", max_length=20, verbose_name="declaration wording")),
                ("contact_service_fr", models.CharField(max_length=250, verbose_name="contact service (French)")),
                ("contact_service_ar", models.CharField(blank=True, max_length=250, verbose_name="contact service (Arabic)")),
                ("contact_address_fr", models.CharField(max_length=250, verbose_name="contact address (French)")),
                ("contact_address_ar", models.CharField(blank=True, max_length=250, verbose_name="contact address (Arabic)")),
                ("contact_phone", models.CharField(blank=True, max_length=60, verbose_name="contact phone")),
                ("contact_email", models.EmailField(blank=True, max_length=254, verbose_name="contact e-mail")),
                ("contact_website", models.CharField(blank=True, max_length=120, verbose_name="website")),
                (
                    "appeal_fr",
                    models.TextField(
                        blank=True,
                        help_text="Printed at the foot of letters of refusal; empty, a neutral sentence is.",
                        verbose_name="means of appeal (French)",
                    ),
                ),
                ("appeal_ar", models.TextField(blank=True, verbose_name="means of appeal (Arabic)")),
            ],
            options={
                "verbose_name": "call for projects",
                "verbose_name_plural": "calls for projects",
                "ordering": ("-deadline_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("deadline_at__gt", models.F("opens_at"))),
                        name="call_deadline_after_opening",
                        violation_error_message="The deadline comes after the opening.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("places__isnull", True), ("places__gte", 1), _connector="OR"),
                        name="call_at_least_one_place",
                        violation_error_message="There is at least one place, or none is announced.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Association",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name_fr", models.CharField(max_length=200, verbose_name="Official name of the cluster")),
                ("name_ar", models.CharField(blank=True, max_length=200, verbose_name="Official name in Arabic")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "association",
                "verbose_name_plural": "associations",
                "ordering": ("name_fr",),
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="person"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("assign", "Choose the case officer"),
                            ("label", "Add a label"),
                            ("unlabel", "Remove a label"),
                            ("write", "Write a message"),
                        ],
                        max_length=10,
                        verbose_name="act",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made on")),
                ("outcome", models.JSONField(default=list, verbose_name="outcome")),
            ],
            options={
                "verbose_name": "batch of the work list",
                "verbose_name_plural": "batches of the work list",
                "ordering": ("-made_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="HistoricalCall",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("slug", models.SlugField(verbose_name="address")),
                (
                    "number_prefix",
                    models.CharField(
                        db_index=True,
                        help_text="Deposits are numbered after it: CL-2026-0007.",
                        max_length=20,
                        verbose_name="number prefix",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("is_demonstration", models.BooleanField(default=False, verbose_name="demonstration edition")),
                ("title_fr", models.CharField(max_length=200, verbose_name="title (French)")),
                ("title_ar", models.CharField(blank=True, max_length=200, verbose_name="title (Arabic)")),
                ("title_en", models.CharField(blank=True, max_length=200, verbose_name="title (English)")),
                ("summary_fr", models.TextField(help_text="Markdown.", verbose_name="purpose (French)")),
                ("summary_ar", models.TextField(blank=True, verbose_name="purpose (Arabic)")),
                ("summary_en", models.TextField(blank=True, verbose_name="purpose (English)")),
                ("audience_fr", models.TextField(verbose_name="who may apply (French)")),
                ("audience_ar", models.TextField(blank=True, verbose_name="who may apply (Arabic)")),
                ("audience_en", models.TextField(blank=True, verbose_name="who may apply (English)")),
                ("process_fr", models.TextField(verbose_name="selection process (French)")),
                ("process_ar", models.TextField(blank=True, verbose_name="selection process (Arabic)")),
                ("process_en", models.TextField(blank=True, verbose_name="selection process (English)")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published on")),
                ("opens_at", models.DateTimeField(verbose_name="opens on")),
                (
                    "deadline_at",
                    models.DateTimeField(
                        help_text="Compared inclusively, to the second, on the server's clock (clause 2.2).", verbose_name="deadline"
                    ),
                ),
                ("results_published_at", models.DateTimeField(blank=True, null=True, verbose_name="results published on")),
                (
                    "places",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Projects to be selected (clause 1.3); empty when the call document gives no number.",
                        null=True,
                        verbose_name="places",
                    ),
                ),
                ("waiting_list_enabled", models.BooleanField(default=True, verbose_name="waiting list")),
                ("new_allowed", models.BooleanField(default=True, verbose_name="new clusters may apply")),
                ("existing_allowed", models.BooleanField(default=False, verbose_name="existing clusters may apply")),
                (
                    "existing_min_support_years",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Strictly more than this (2023 call).",
                        null=True,
                        verbose_name="years of support an existing cluster must have exceeded",
                    ),
                ),
                ("min_members", models.PositiveSmallIntegerField(default=15, verbose_name="minimum members")),
                (
                    "members_severity",
                    models.CharField(
                        choices=[("block", "Prevents the deposit"), ("warn", "Warns, with acknowledgement")],
                        default="block",
                        max_length=5,
                        verbose_name="members: severity",
                    ),
                ),
                (
                    "min_qualifying_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=60,
                        max_digits=5,
                        validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)],
                        verbose_name="minimum industrial share (%)",
                    ),
                ),
                (
                    "qualifying_severity",
                    models.CharField(
                        choices=[("block", "Prevents the deposit"), ("warn", "Warns, with acknowledgement")],
                        default="block",
                        max_length=5,
                        verbose_name="industrial share: severity",
                    ),
                ),
                (
                    "min_self_financing_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=40,
                        max_digits=5,
                        validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)],
                        verbose_name="minimum self-financing, year 1 (%)",
                    ),
                ),
                (
                    "self_financing_severity",
                    models.CharField(
                        choices=[("block", "Prevents the deposit"), ("warn", "Warns, with acknowledgement")],
                        default="block",
                        max_length=5,
                        verbose_name="self-financing: severity",
                    ),
                ),
                (
                    "self_financing_formula",
                    models.CharField(
                        choices=[
                            ("own_over_income", "Own resources over total income"),
                            ("own_over_expenses", "Own resources over total expenses"),
                        ],
                        default="own_over_income",
                        max_length=20,
                        verbose_name="self-financing formula",
                    ),
                ),
                ("base_year", models.PositiveSmallIntegerField(help_text="« Année 1 » of the budget.", verbose_name="first contract year")),
                (
                    "deposit_mode",
                    models.CharField(
                        choices=[
                            ("online_plus_paper", "Online, then paper copies at the counter"),
                            ("online_only", "Online only"),
                            ("paper_only", "Paper only"),
                        ],
                        default="online_plus_paper",
                        max_length=20,
                        verbose_name="way of deposit",
                    ),
                ),
                (
                    "required_copies",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)],
                        verbose_name="paper copies",
                    ),
                ),
                (
                    "complement_allowed",
                    models.BooleanField(
                        default=False, help_text="Incomplete files are not accepted (clause 2.2).", verbose_name="complement requests"
                    ),
                ),
                (
                    "legalisation_max_age_months",
                    models.PositiveSmallIntegerField(default=6, verbose_name="age of the legalisation (months)"),
                ),
                ("max_file_mb", models.PositiveSmallIntegerField(default=20, verbose_name="largest file (MB)")),
                ("max_total_mb", models.PositiveSmallIntegerField(default=200, verbose_name="all files (MB)")),
                ("min_evaluators", models.PositiveSmallIntegerField(default=3, verbose_name="evaluators per application")),
                ("declaration_version", models.CharField(default="2026", max_length=20, verbose_name="declaration wording")),
                ("contact_service_fr", models.CharField(max_length=250, verbose_name="contact service (French)")),
                ("contact_service_ar", models.CharField(blank=True, max_length=250, verbose_name="contact service (Arabic)")),
                ("contact_address_fr", models.CharField(max_length=250, verbose_name="contact address (French)")),
                ("contact_address_ar", models.CharField(blank=True, max_length=250, verbose_name="contact address (Arabic)")),
                ("contact_phone", models.CharField(blank=True, max_length=60, verbose_name="contact phone")),
                ("contact_email", models.EmailField(blank=True, max_length=254, verbose_name="contact e-mail")),
                ("contact_website", models.CharField(blank=True, max_length=120, verbose_name="website")),
                (
                    "appeal_fr",
                    models.TextField(
                        blank=True,
                        help_text="Printed at the foot of letters of refusal; empty, a neutral sentence is.",
                        verbose_name="means of appeal (French)",
                    ),
                ),
                ("appeal_ar", models.TextField(blank=True, verbose_name="means of appeal (Arabic)")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "historical call for projects",
                "verbose_name_plural": "historical calls for projects",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="day")),
                ("label_fr", models.CharField(max_length=120, verbose_name="name (French)")),
                ("label_ar", models.CharField(blank=True, max_length=120, verbose_name="name (Arabic)")),
                ("label_en", models.CharField(blank=True, max_length=120, verbose_name="name (English)")),
                (
                    "is_expected",
                    models.BooleanField(
                        default=False,
                        help_text="Depends on the moon: the day may still move by one or two days.",
                        verbose_name="to be confirmed",
                    ),
                ),
            ],
            options={
                "verbose_name": "public holiday",
                "verbose_name_plural": "public holidays",
                "ordering": ("day",),
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text_fr", models.CharField(max_length=40, unique=True, verbose_name="text in French")),
                ("text_ar", models.CharField(blank=True, max_length=40, verbose_name="text in Arabic")),
                (
                    "tone",
                    models.CharField(
                        choices=[("neutral", "Grey"), ("info", "Blue"), ("ok", "Green"), ("warn", "Amber"), ("danger", "Red")],
                        default="neutral",
                        max_length=10,
                        verbose_name="colour",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="A label no longer in use stays where it was put.",
                        verbose_name="may be put on applications",
                    ),
                ),
            ],
            options={
                "verbose_name": "label",
                "verbose_name_plural": "labels",
                "ordering": ("text_fr",),
            },
        ),
        migrations.CreateModel(
            name="ListColumns",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="list_columns",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("codes", models.JSONField(default=list, verbose_name="columns")),
            ],
            options={
                "verbose_name": "columns of the work list",
                "verbose_name_plural": "columns of the work list",
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="owner"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.TextField(blank=True, verbose_name="filters")),
                ("is_shared", models.BooleanField(default=False, verbose_name="shared with everyone at DPTC")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created on")),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ("name", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "name"),
                        name="saved_view_name_once_per_person",
                        violation_error_message="You already have a view of this name.",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="saved_view_has_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("label_fr", models.CharField(max_length=300, verbose_name="label (French)")),
                ("label_ar", models.CharField(blank=True, max_length=300, verbose_name="label (Arabic)")),
                ("label_en", models.CharField(blank=True, max_length=300, verbose_name="label (English)")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="action_categories", to="applications.call"
                    ),
                ),
                ("fundable", models.BooleanField(default=True, verbose_name="fundable")),
            ],
            options={
                "verbose_name": "action category",
                "verbose_name_plural": "action categories",
                "ordering": ("position", "pk"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "code"),
                        name="action_category_code_unique",
                        violation_error_message="This code is already used in the call.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="applications.call",
                        verbose_name="call",
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="applications.association",
                        verbose_name="association",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft — NOT SUBMITTED"),
                            ("deposited", "Submitted"),
                            ("withdrawn", "Withdrawn"),
                            ("admissible", "Admissible"),
                            ("inadmissible", "Inadmissible"),
                            ("under_evaluation", "Under evaluation"),
                            ("in_committee", "Before the committee"),
                            ("selected", "Selected"),
                            ("selected_with_reservations", "Selected with reservations"),
                            ("waiting_list", "Waiting list"),
                            ("deferred", "Deferred"),
                            ("not_selected", "Not selected"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=30,
                        verbose_name="status",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=30, null=True, unique=True, verbose_name="number")),
                ("deposited_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted on")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn on")),
                ("withdrawal_reason", models.TextField(blank=True, verbose_name="reason of the withdrawal")),
                (
                    "notified_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Until then its people are told nothing of the decision.",
                        null=True,
                        verbose_name="decision notified on",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assigned_applications",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="case officer",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created on")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed on")),
            ],
            options={
                "verbose_name": "application",
                "verbose_name_plural": "applications",
                "ordering": ("-created_at",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("association", "call"),
                        name="application_one_per_association_and_call",
                        violation_error_message="This association already has an application to this call.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"), models.Q(("number__isnull", False), ("deposited_at__isnull", False)), _connector="OR"
                        ),
                        name="application_submitted_has_number_and_date",
                        violation_error_message="A submitted application has a number and a date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "withdrawn"), ("withdrawn_at__isnull", False)),
                            models.Q(models.Q(("status", "withdrawn"), _negated=True), ("withdrawn_at", None)),
                            _connector="OR",
                        ),
                        name="application_withdrawn_has_date",
                        violation_error_message="A withdrawn application has the date of its withdrawal, and no other has one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("notified_at", None),
                            ("status__in", ("selected", "selected_with_reservations", "waiting_list", "deferred", "not_selected")),
                            _connector="OR",
                        ),
                        name="application_notified_is_decided",
                        violation_error_message="Only a decision that was taken can be notified.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetHeading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("label_fr", models.CharField(max_length=300, verbose_name="label (French)")),
                ("label_ar", models.CharField(blank=True, max_length=300, verbose_name="label (Arabic)")),
                ("label_en", models.CharField(blank=True, max_length=300, verbose_name="label (English)")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "call",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="budget_headings", to="applications.call"),
                ),
                ("side", models.CharField(choices=[("expense", "Expenses"), ("income", "Income")], max_length=7, verbose_name="side")),
                ("state_fundable", models.BooleanField(default=True, verbose_name="payable by the State's grant")),
                (
                    "needs_detail",
                    models.BooleanField(
                        default=False, help_text="« à préciser »: detail rows must add up to the line.", verbose_name="to be specified"
                    ),
                ),
            ],
            options={
                "verbose_name": "budget heading",
                "verbose_name_plural": "budget headings",
                "ordering": ("position", "pk"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "code"),
                        name="budget_heading_code_unique",
                        violation_error_message="This code is already used in the call.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("label_fr", models.CharField(max_length=300, verbose_name="label (French)")),
                ("label_ar", models.CharField(blank=True, max_length=300, verbose_name="label (Arabic)")),
                ("label_en", models.CharField(blank=True, max_length=300, verbose_name="label (English)")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("call", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="criteria", to="applications.call")),
                (
                    "block",
                    models.CharField(
                        choices=[("technical", "Technical analysis"), ("qualitative", "Qualitative analysis")],
                        max_length=12,
                        verbose_name="block",
                    ),
                ),
            ],
            options={
                "verbose_name": "criterion",
                "verbose_name_plural": "criteria",
                "ordering": ("position", "pk"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "code"),
                        name="criterion_code_unique",
                        violation_error_message="This code is already used in the call.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadlineExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="applications.call",
                        verbose_name="call for projects",
                    ),
                ),
                ("old_deadline_at", models.DateTimeField(verbose_name="former deadline")),
                ("new_deadline_at", models.DateTimeField(verbose_name="new deadline")),
                ("reason_fr", models.TextField(verbose_name="reason (French)")),
                ("reason_ar", models.TextField(blank=True, verbose_name="reason (Arabic)")),
                ("reason_en", models.TextField(blank=True, verbose_name="reason (English)")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("published_at", models.DateTimeField(verbose_name="published on")),
            ],
            options={
                "verbose_name": "deadline extension",
                "verbose_name_plural": "deadline extensions",
                "ordering": ("-published_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("new_deadline_at__gt", models.F("old_deadline_at"))),
                        name="extension_never_shortens",
                        violation_error_message="A deadline is extended, never shortened.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason_fr", ""), _negated=True),
                        name="extension_has_reason",
                        violation_error_message="An extension is published with its reason.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentRequirement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("label_fr", models.CharField(max_length=300, verbose_name="label (French)")),
                ("label_ar", models.CharField(blank=True, max_length=300, verbose_name="label (Arabic)")),
                ("label_en", models.CharField(blank=True, max_length=300, verbose_name="label (English)")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="document_requirements", to="applications.call"
                    ),
                ),
                ("help_fr", models.TextField(blank=True, verbose_name="what it must be (French)")),
                ("help_ar", models.TextField(blank=True, verbose_name="what it must be (Arabic)")),
                ("help_en", models.TextField(blank=True, verbose_name="what it must be (English)")),
                ("clause", models.CharField(max_length=20, verbose_name="clause")),
                ("required", models.BooleanField(default=True, verbose_name="required")),
                ("several", models.BooleanField(default=False, verbose_name="several files")),
            ],
            options={
                "verbose_name": "required piece",
                "verbose_name_plural": "required pieces",
                "ordering": ("position", "pk"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "code"),
                        name="requirement_code_unique",
                        violation_error_message="This code is already used in the call.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicatorDefinition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("label_fr", models.CharField(max_length=300, verbose_name="label (French)")),
                ("label_ar", models.CharField(blank=True, max_length=300, verbose_name="label (Arabic)")),
                ("label_en", models.CharField(blank=True, max_length=300, verbose_name="label (English)")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="indicator_definitions", to="applications.call"
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=30, verbose_name="unit")),
                ("computed", models.BooleanField(default=False, verbose_name="computed from the budget")),
            ],
            options={
                "verbose_name": "indicator",
                "verbose_name_plural": "indicators",
                "ordering": ("position", "pk"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "code"),
                        name="indicator_code_unique",
                        violation_error_message="This code is already used in the call.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LabelledCluster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_fr", models.CharField(max_length=200, verbose_name="name (French)")),
                ("name_ar", models.CharField(blank=True, max_length=200, verbose_name="name (Arabic)")),
                ("acronym", models.CharField(blank=True, max_length=30, verbose_name="acronym")),
                (
                    "region",
                    models.CharField(blank=True, choices=applications.reference.region_choices, max_length=6, verbose_name="region"),
                ),
                (
                    "nma_section",
                    models.CharField(blank=True, choices=applications.reference.nma_section_choices, max_length=1, verbose_name="sector"),
                ),
                ("labelled_on", models.DateField(blank=True, null=True, verbose_name="labelled on")),
                (
                    "association",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="labelled_cluster",
                        to="applications.association",
                        verbose_name="association",
                    ),
                ),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="entered on")),
            ],
            options={
                "verbose_name": "labelled cluster",
                "verbose_name_plural": "labelled clusters",
                "ordering": ("name_fr",),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name_fr"),
                        name="labelled_cluster_name_once",
                        violation_error_message="A cluster of this name is in the register.",
                    ),
                    models.CheckConstraint(condition=models.Q(("name_fr", ""), _negated=True), name="labelled_cluster_has_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepGuidance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="step_guidance", to="applications.call"),
                ),
                ("slug", models.SlugField(verbose_name="step")),
                ("text_fr", models.TextField(verbose_name="guidance (French)")),
                ("text_ar", models.TextField(blank=True, verbose_name="guidance (Arabic)")),
                ("text_en", models.TextField(blank=True, verbose_name="guidance (English)")),
                (
                    "is_determinant",
                    models.BooleanField(
                        default=False,
                        help_text="In bold in the original document (clause 6): to be filled in by DPTC.",
                        verbose_name="determinant criterion",
                    ),
                ),
            ],
            options={
                "verbose_name": "step guidance",
                "verbose_name_plural": "step guidance",
                "ordering": ("pk",),
                "constraints": [models.UniqueConstraint(fields=("call", "slug"), name="guidance_step_unique")],
            },
        ),
        migrations.CreateModel(
            name="AcknowledgementCounter",
            fields=[
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="acknowledgement_counter",
                        serialize=False,
                        to="applications.call",
                    ),
                ),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "counter of acknowledgements",
                "verbose_name_plural": "counters of acknowledgements",
            },
        ),
        migrations.CreateModel(
            name="DepositCounter",
            fields=[
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="deposit_counter",
                        serialize=False,
                        to="applications.call",
                    ),
                ),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "deposit counter",
                "verbose_name_plural": "deposit counters",
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("y1", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 1")),
                ("y2", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 2")),
                ("y3", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 3")),
                ("y4", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 4")),
                ("y5", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 5")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="applications.application"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="Action")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.actioncategory",
                        verbose_name="Category",
                    ),
                ),
                ("objective", models.CharField(blank=True, max_length=500, verbose_name="Objective")),
                (
                    "start_year",
                    models.PositiveSmallIntegerField(
                        blank=True, choices=[(1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")], null=True, verbose_name="From year"
                    ),
                ),
                (
                    "end_year",
                    models.PositiveSmallIntegerField(
                        blank=True, choices=[(1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")], null=True, verbose_name="To year"
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "verbose_name_plural": "actions",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BoardMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="applications.application"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("first_name", models.CharField(blank=True, max_length=80, verbose_name="First name")),
                ("last_name", models.CharField(blank=True, max_length=80, verbose_name="Last name")),
                ("quality", models.CharField(blank=True, max_length=120, verbose_name="Title in the organisation")),
                ("organisation", models.CharField(blank=True, max_length=150, verbose_name="Organisation")),
                ("function", models.CharField(blank=True, max_length=120, verbose_name="Function on the board")),
                (
                    "from_company",
                    models.BooleanField(
                        default=False,
                        help_text="Company leaders play a driving role in the governance (clause 3.2).",
                        verbose_name="Represents a company",
                    ),
                ),
            ],
            options={
                "verbose_name": "board member",
                "verbose_name_plural": "board members",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BudgetDetail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("y1", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 1")),
                ("y2", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 2")),
                ("y3", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 3")),
                ("y4", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 4")),
                ("y5", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 5")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="applications.application"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "heading",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.budgetheading",
                        verbose_name="Line",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=200, verbose_name="What it is")),
                (
                    "nature",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("private", "Private"),
                            ("public_state", "Public: State"),
                            ("public_local", "Public: region, municipality"),
                            ("international_donor", "International donor"),
                            ("in_kind", "In kind"),
                        ],
                        help_text="For other income: only private income counts as the cluster's own resources.",
                        max_length=20,
                        verbose_name="Origin",
                    ),
                ),
            ],
            options={
                "verbose_name": "budget detail",
                "verbose_name_plural": "budget details",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("y1", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 1")),
                ("y2", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 2")),
                ("y3", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 3")),
                ("y4", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 4")),
                ("y5", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 5")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="budget_lines", to="applications.application"
                    ),
                ),
                (
                    "heading",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.budgetheading"),
                ),
            ],
            options={
                "verbose_name": "budget line",
                "verbose_name_plural": "budget lines",
                "constraints": [models.UniqueConstraint(fields=("application", "heading"), name="budget_line_once_per_heading")],
            },
        ),
        migrations.CreateModel(
            name="CollaborativeProject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="applications.application"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="Title")),
                ("objectives", models.TextField(blank=True, max_length=2000, verbose_name="Objectives")),
                ("partners", models.TextField(blank=True, max_length=2000, verbose_name="Partners involved")),
                ("results", models.TextField(blank=True, max_length=2000, verbose_name="Expected results")),
            ],
            options={
                "verbose_name": "collaborative project",
                "verbose_name_plural": "collaborative projects",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Collaborator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="collaborators", to="applications.application"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collaborations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("mandatary", "Authorised representative"), ("editor", "Editor")], max_length=10, verbose_name="role"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "person on an application",
                "verbose_name_plural": "people on applications",
                "constraints": [
                    models.UniqueConstraint(fields=("application", "user"), name="collaborator_once_per_application"),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "mandatary")), fields=("application",), name="collaborator_one_mandatary"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CooperationProject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="applications.application"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="Title")),
                (
                    "nature",
                    models.CharField(
                        blank=True, help_text="Market prospecting, shared means, training, watch…", max_length=300, verbose_name="Nature"
                    ),
                ),
                ("parties", models.TextField(blank=True, max_length=2000, verbose_name="Stakeholders")),
                ("means", models.TextField(blank=True, max_length=2000, verbose_name="Means mobilised")),
                ("results", models.TextField(blank=True, max_length=2000, verbose_name="Expected results")),
            ],
            options={
                "verbose_name": "cooperation project",
                "verbose_name_plural": "cooperation projects",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CriterionArgument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="arguments", to="applications.application"),
                ),
                (
                    "criterion",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="applications.criterion"),
                ),
                ("text", models.TextField(blank=True, max_length=2000)),
            ],
            options={
                "verbose_name": "argument on a criterion",
                "verbose_name_plural": "arguments on criteria",
                "constraints": [models.UniqueConstraint(fields=("application", "criterion"), name="argument_once_per_criterion")],
            },
        ),
        migrations.CreateModel(
            name="Deposit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="deposits", to="applications.application"),
                ),
                ("sequence", models.PositiveSmallIntegerField(default=1, verbose_name="deposit")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("online", "Online deposit"),
                            ("complement", "Answer to a complement request"),
                            ("paper", "Paper file recorded at the counter"),
                        ],
                        default="online",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.CharField(max_length=30, verbose_name="number")),
                ("received_at", models.DateTimeField(verbose_name="received on")),
                ("deadline_at", models.DateTimeField(verbose_name="deadline at that time")),
                (
                    "deposited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deposited by",
                    ),
                ),
                ("snapshot", models.TextField(help_text="Canonical JSON.", verbose_name="frozen dossier")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("name_fr", models.CharField(max_length=200, verbose_name="name")),
                ("name_ar", models.CharField(blank=True, max_length=200, verbose_name="name in Arabic")),
                ("acronym", models.CharField(blank=True, max_length=30, verbose_name="acronym")),
                ("region", models.CharField(blank=True, max_length=6, verbose_name="region")),
                ("nma_section", models.CharField(blank=True, max_length=1, verbose_name="sector")),
            ],
            options={
                "verbose_name": "deposit",
                "verbose_name_plural": "deposits",
                "ordering": ("-received_at",),
                "constraints": [
                    models.UniqueConstraint(fields=("application", "sequence"), name="deposit_sequence_once"),
                    models.UniqueConstraint(fields=("number", "sequence"), name="deposit_number_once"),
                    models.CheckConstraint(condition=models.Q(("snapshot__gt", "")), name="deposit_has_snapshot"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="applications.application"),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.documentrequirement",
                        verbose_name="piece",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("file", models.FileField(max_length=200, upload_to=applications.models.documents.storage_name, verbose_name="file")),
                ("original_name", models.CharField(max_length=200, verbose_name="file name")),
                ("size", models.PositiveBigIntegerField(verbose_name="size (bytes)")),
                ("content_type", models.CharField(max_length=60, verbose_name="type")),
                ("pages", models.PositiveIntegerField(blank=True, null=True, verbose_name="pages")),
                (
                    "expected_pages",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Pages of the generated document of which this file is the signed copy.",
                        null=True,
                        verbose_name="pages expected",
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "scan",
                    models.CharField(
                        choices=[("not_scanned", "Not scanned"), ("pending", "Scan pending"), ("clean", "Clean"), ("infected", "Infected")],
                        default="not_scanned",
                        max_length=12,
                        verbose_name="virus scan",
                    ),
                ),
                ("scanned_at", models.DateTimeField(blank=True, null=True, verbose_name="scanned on")),
                (
                    "scan_note",
                    models.CharField(
                        blank=True, help_text="Name of what was found, or why the scan failed.", max_length=200, verbose_name="scan result"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded on")),
                ("replaced_at", models.DateTimeField(blank=True, null=True, verbose_name="replaced or removed on")),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ("requirement__position", "uploaded_at"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0)), name="document_not_empty", violation_error_message="The file is empty."
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExtraIndicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("y1", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 1")),
                ("y2", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 2")),
                ("y3", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 3")),
                ("y4", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 4")),
                ("y5", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 5")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="applications.application"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("label", models.CharField(blank=True, max_length=200, verbose_name="Indicator")),
                ("unit", models.CharField(blank=True, max_length=30, verbose_name="Unit")),
            ],
            options={
                "verbose_name": "additional indicator",
                "verbose_name_plural": "additional indicators",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FeeRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="applications.application"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("category", models.CharField(blank=True, max_length=150, verbose_name="Category of members")),
                (
                    "rule",
                    models.CharField(
                        blank=True, help_text="For example: flat yearly fee.", max_length=300, verbose_name="How it is computed"
                    ),
                ),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Yearly amount (DH)")),
            ],
            options={
                "verbose_name": "fee rule",
                "verbose_name_plural": "fee rules",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ImportDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="import_drafts", to="applications.application"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="person"
                    ),
                ),
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
            ],
            options={
                "verbose_name": "import in progress",
                "verbose_name_plural": "imports in progress",
                "constraints": [
                    models.UniqueConstraint(fields=("application", "user", "kind"), name="import_draft_one_per_person_and_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicatorValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("y1", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 1")),
                ("y2", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 2")),
                ("y3", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 3")),
                ("y4", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 4")),
                ("y5", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 5")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="indicator_values", to="applications.application"
                    ),
                ),
                (
                    "definition",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.indicatordefinition"),
                ),
            ],
            options={
                "verbose_name": "indicator value",
                "verbose_name_plural": "indicator values",
                "constraints": [models.UniqueConstraint(fields=("application", "definition"), name="indicator_value_once")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="applications.application"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[("mandatary", "Authorised representative"), ("editor", "Editor")],
                        default="editor",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="sent on")),
                ("expires_at", models.DateTimeField(verbose_name="expires on")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted on")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accepted by",
                    ),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked on")),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ("created_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("application"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        name="invitation_one_pending_per_address",
                        violation_error_message="This address already has a pending invitation to this application.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role", "editor")),
                        name="invitation_for_editors_only",
                        violation_error_message="One can only be invited as an editor: the mandate is handed over, never sent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None), _connector="OR"), name="invitation_ends_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("accepted_by", None)),
                            models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="invitation_accepted_by_someone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="kept_drafts", to="applications.application"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("discarded", "Changes given up by the applicant"),
                            ("complement", "Replaced by the deposit when a complement was asked for"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                ("content", models.TextField(help_text="Canonical JSON.", verbose_name="answers")),
                ("kept_at", models.DateTimeField(verbose_name="kept on")),
                (
                    "kept_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="kept by"
                    ),
                ),
            ],
            options={
                "verbose_name": "draft kept aside",
                "verbose_name_plural": "drafts kept aside",
                "ordering": ("-kept_at",),
            },
        ),
        migrations.CreateModel(
            name="Labelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="labellings", to="applications.application"
                    ),
                ),
                (
                    "label",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="labellings",
                        to="applications.label",
                        verbose_name="label",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="added by"
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="added on")),
            ],
            options={
                "verbose_name": "label on an application",
                "verbose_name_plural": "labels on applications",
                "constraints": [models.UniqueConstraint(fields=("application", "label"), name="label_once_per_application")],
            },
        ),
        migrations.CreateModel(
            name="MandateTransfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mandate_transfers", to="applications.application"
                    ),
                ),
                (
                    "from_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="from"
                    ),
                ),
                (
                    "to_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="to"
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="requested on")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted on")),
                ("declined_at", models.DateTimeField(blank=True, null=True, verbose_name="declined on")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled on")),
            ],
            options={
                "verbose_name": "transfer of the mandate",
                "verbose_name_plural": "transfers of the mandate",
                "ordering": ("requested_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("cancelled_at", None), ("declined_at", None)),
                        fields=("application",),
                        name="mandate_transfer_one_pending",
                        violation_error_message="A transfer of the mandate is already waiting for an answer.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_user", models.F("to_user")), _negated=True), name="mandate_transfer_between_two_people"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("declined_at", None)),
                            models.Q(("accepted_at", None), ("cancelled_at", None)),
                            models.Q(("cancelled_at", None), ("declined_at", None)),
                            _connector="OR",
                        ),
                        name="mandate_transfer_ends_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="applications.application"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("name_fr", models.CharField(blank=True, max_length=200, verbose_name="Name")),
                ("name_ar", models.CharField(blank=True, max_length=200, verbose_name="Name in Arabic")),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("company", "Company"),
                            ("research_training", "Training, innovation or research institution"),
                            ("other", "Institution, association or public body"),
                        ],
                        max_length=20,
                        verbose_name="Category",
                    ),
                ),
                (
                    "engagement",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("engaged", "Engaged member"),
                            ("potential", "Potentially interested"),
                            ("major_partner", "Major partner"),
                        ],
                        help_text="Only engaged members count towards the 15 members and the 60 %.",
                        max_length=15,
                        verbose_name="Engagement",
                    ),
                ),
                (
                    "ice",
                    models.CharField(
                        blank=True,
                        help_text="15 digits. Leave empty for a foreign member or one without an ICE.",
                        max_length=15,
                        verbose_name="ICE",
                    ),
                ),
                ("trade_register", models.CharField(blank=True, max_length=60, verbose_name="Trade register (number and court)")),
                (
                    "region",
                    models.CharField(blank=True, choices=applications.reference.region_choices, max_length=6, verbose_name="Region"),
                ),
                (
                    "nma_section",
                    models.CharField(blank=True, choices=applications.reference.nma_section_choices, max_length=1, verbose_name="Sector"),
                ),
                (
                    "qualifies",
                    models.BooleanField(
                        default=False,
                        help_text="Tick it for a company that counts towards the 60 % (clause 5). DPTC confirms it.",
                        verbose_name="Industrial, technological or specific company",
                    ),
                ),
                (
                    "size",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("TPE", "Very small company"),
                            ("PME", "Small or medium company"),
                            ("ETI", "Mid-size company"),
                            ("GE", "Large company"),
                        ],
                        max_length=3,
                        verbose_name="Size",
                    ),
                ),
                ("joined_on", models.DateField(blank=True, null=True, verbose_name="Member since")),
                ("representative", models.CharField(blank=True, max_length=150, verbose_name="Representative")),
                ("role", models.CharField(blank=True, max_length=300, verbose_name="Role in the cluster")),
                ("fee", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Yearly fee (DH)")),
            ],
            options={
                "verbose_name": "member",
                "verbose_name_plural": "members",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="applications.application"),
                ),
                ("side", models.CharField(choices=[("applicant", "Applicant"), ("dptc", "DPTC")], max_length=10, verbose_name="from")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="author"
                    ),
                ),
                ("body", models.TextField(verbose_name="message")),
                ("sent_at", models.DateTimeField(verbose_name="sent on")),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ("sent_at", "pk"),
                "constraints": [models.CheckConstraint(condition=models.Q(("body", ""), _negated=True), name="message_not_empty")],
            },
        ),
        migrations.CreateModel(
            name="MessagesRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="applications.application"),
                ),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("read_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "messages read",
                "verbose_name_plural": "messages read",
                "constraints": [models.UniqueConstraint(fields=("application", "user"), name="messages_read_once_per_person")],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="applications.application"),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="author"
                    ),
                ),
                ("body", models.TextField(verbose_name="note")),
                ("written_at", models.DateTimeField(verbose_name="written on")),
            ],
            options={
                "verbose_name": "internal note",
                "verbose_name_plural": "internal notes",
                "ordering": ("-written_at", "-pk"),
                "constraints": [models.CheckConstraint(condition=models.Q(("body", ""), _negated=True), name="note_not_empty")],
            },
        ),
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="applications.application"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "function",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("president", "President"),
                            ("vice_president", "Vice-president"),
                            ("treasurer", "Treasurer"),
                            ("director", "Director"),
                        ],
                        max_length=15,
                        verbose_name="Function",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=80, verbose_name="First name")),
                ("last_name", models.CharField(blank=True, max_length=80, verbose_name="Last name")),
                ("quality", models.CharField(blank=True, max_length=120, verbose_name="Title in the association")),
                ("organisation", models.CharField(blank=True, max_length=150, verbose_name="Organisation")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-mail")),
                ("phone", models.CharField(blank=True, help_text="For example 06 12 34 56 78.", max_length=20, verbose_name="Phone")),
            ],
            options={
                "verbose_name": "officer",
                "verbose_name_plural": "officers",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Partnership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="applications.application"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        choices=[("national", "National"), ("international", "International")],
                        max_length=13,
                        verbose_name="Scope",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        help_text="Laboratory, technical centre, cluster, region, municipality…",
                        max_length=120,
                        verbose_name="Kind of partner",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True, choices=[("established", "Established"), ("planned", "Planned")], max_length=11, verbose_name="State"
                    ),
                ),
                ("entity", models.CharField(blank=True, max_length=200, verbose_name="Partner")),
                ("country", models.CharField(blank=True, max_length=60, verbose_name="Country")),
            ],
            options={
                "verbose_name": "partnership",
                "verbose_name_plural": "partnerships",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RegisteredPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="applications.labelledcluster",
                        verbose_name="cluster",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("contract_reference", models.CharField(blank=True, max_length=150, verbose_name="label decision or contract-programme")),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registered_periods",
                        to="applications.call",
                        verbose_name="call for projects",
                    ),
                ),
                (
                    "application",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registered_period",
                        to="applications.application",
                        verbose_name="application",
                    ),
                ),
            ],
            options={
                "verbose_name": "registered support period",
                "verbose_name_plural": "registered support periods",
                "ordering": ("starts_on",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="registered_period_ends_after_it_starts",
                        violation_error_message="The last day does not come before the first.",
                    ),
                    models.UniqueConstraint(
                        fields=("cluster", "starts_on"),
                        name="registered_period_start_once",
                        violation_error_message="Another period of this cluster starts on this day.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RejectedInput",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rejected_inputs", to="applications.application"
                    ),
                ),
                ("slug", models.SlugField()),
                ("key", models.CharField(help_text="part.field, or part.<row id>.field", max_length=120)),
                ("raw", models.TextField()),
            ],
            options={
                "verbose_name": "input to correct",
                "verbose_name_plural": "inputs to correct",
                "constraints": [models.UniqueConstraint(fields=("application", "key"), name="rejected_input_once")],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="applications.application"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="person"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("d14", "14 days before"),
                            ("d7", "7 days before"),
                            ("d2", "2 days before"),
                            ("h24", "24 hours before"),
                            ("h3", "3 hours before"),
                            ("not_deposited", "Closed without a deposit"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("deadline_at", models.DateTimeField(verbose_name="deadline")),
                ("sent_at", models.DateTimeField(verbose_name="sent on")),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ("-sent_at",),
                "constraints": [
                    models.UniqueConstraint(fields=("application", "user", "kind", "deadline_at"), name="reminder_once_per_deadline")
                ],
            },
        ),
        migrations.CreateModel(
            name="RemovedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="removed_rows", to="applications.application"
                    ),
                ),
                ("slug", models.SlugField()),
                ("part", models.SlugField()),
                ("name", models.CharField(blank=True, max_length=300, verbose_name="name")),
                ("index", models.PositiveSmallIntegerField(help_text="From 0.", verbose_name="place in the table")),
                ("content", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="values")),
                ("kept", models.JSONField(blank=True, default=dict, verbose_name="inputs to correct")),
                (
                    "removed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="removed by",
                    ),
                ),
                ("removed_at", models.DateTimeField(verbose_name="removed on")),
            ],
            options={
                "verbose_name": "removed row",
                "verbose_name_plural": "removed rows",
                "ordering": ("-removed_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="StartupService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="applications.application"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("kind", models.CharField(blank=True, max_length=150, verbose_name="Type of support")),
                ("description", models.CharField(blank=True, max_length=500, verbose_name="Service offered")),
            ],
            options={
                "verbose_name": "start-up service",
                "verbose_name_plural": "start-up services",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StepState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="step_states", to="applications.application"
                    ),
                ),
                ("slug", models.SlugField()),
                ("version", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField()),
                ("saved_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "state of a step",
                "verbose_name_plural": "states of steps",
                "constraints": [models.UniqueConstraint(fields=("application", "slug"), name="step_state_once")],
            },
        ),
        migrations.CreateModel(
            name="StrategySeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("y1", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 1")),
                ("y2", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 2")),
                ("y3", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 3")),
                ("y4", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 4")),
                ("y5", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Year 5")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="strategyseries", to="applications.application"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("rd_projects", "R&D projects"),
                            ("funds_raised", "Funds raised (DH)"),
                            ("export_share", "Export market share (%)"),
                            ("members_forecast", "Number of members"),
                            ("fees_forecast", "Membership fees (DH)"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "verbose_name": "strategy series",
                "verbose_name_plural": "strategy series",
                "constraints": [models.UniqueConstraint(fields=("application", "code"), name="strategy_series_once")],
            },
        ),
        migrations.CreateModel(
            name="SupportPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="applications.application"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="Start")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="End")),
                ("reference", models.CharField(blank=True, max_length=150, verbose_name="Label decision or contract-programme")),
            ],
            options={
                "verbose_name": "support period",
                "verbose_name_plural": "support periods",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WalkIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="walk_in", to="applications.application"
                    ),
                ),
                ("contact_name", models.CharField(max_length=150, verbose_name="contact person")),
                ("contact_email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("contact_phone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                (
                    "received_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="counter agent",
                    ),
                ),
            ],
            options={
                "verbose_name": "file without an online application",
                "verbose_name_plural": "files without an online application",
            },
        ),
        migrations.CreateModel(
            name="BudgetNote",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="applications.application",
                    ),
                ),
                (
                    "comment",
                    models.TextField(
                        blank=True,
                        help_text="Required when the operating result of a year is negative.",
                        max_length=3000,
                        verbose_name="Comment on the budget",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment on the budget",
                "verbose_name_plural": "comments on budgets",
            },
        ),
        migrations.CreateModel(
            name="Governance",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="applications.application",
                    ),
                ),
                ("organisation", models.TextField(blank=True, max_length=5000, verbose_name="Internal organisation of the association")),
                ("membership_terms", models.TextField(blank=True, max_length=5000, verbose_name="How members join the governance body")),
            ],
            options={
                "verbose_name": "governance",
                "verbose_name_plural": "governances",
            },
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="applications.application",
                    ),
                ),
                ("acronym", models.CharField(blank=True, max_length=30, verbose_name="Acronym")),
                (
                    "applicant_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "New cluster: never labelled nor funded by the Fonds d'Appui aux Clusters"),
                            ("existing", "Existing cluster, labelled in an earlier edition"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="Your cluster is",
                    ),
                ),
                (
                    "legal_form",
                    models.CharField(
                        blank=True,
                        default="Association (dahir du 15 novembre 1958, loi n° 75-00)",
                        help_text="The call is open to associations under loi n° 75-00 (clause 3.1).",
                        max_length=120,
                        verbose_name="Legal form",
                    ),
                ),
                (
                    "constitution_date",
                    models.DateField(
                        blank=True,
                        help_text="Day of the founding general assembly, for example 16/05/2024.",
                        null=True,
                        verbose_name="Date of constitution",
                    ),
                ),
                (
                    "receipt_type",
                    models.CharField(
                        blank=True,
                        choices=[("provisional", "Provisional receipt"), ("final", "Final receipt")],
                        max_length=11,
                        verbose_name="Receipt for the filing of the statutes",
                    ),
                ),
                ("receipt_number", models.CharField(blank=True, max_length=60, verbose_name="Number of the receipt")),
                ("receipt_date", models.DateField(blank=True, null=True, verbose_name="Date of the receipt")),
                (
                    "receipt_authority",
                    models.CharField(
                        blank=True,
                        help_text="For example: Préfecture de Nouaceur.",
                        max_length=150,
                        verbose_name="Authority that delivered it",
                    ),
                ),
                (
                    "legalisation_date",
                    models.DateField(
                        blank=True,
                        help_text="The call asks for a recent date (clause 5).",
                        null=True,
                        verbose_name="Date of the legalisation of the statutes",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=250, verbose_name="Address of the head office")),
                (
                    "region",
                    models.CharField(blank=True, choices=applications.reference.region_choices, max_length=6, verbose_name="Region"),
                ),
                (
                    "province",
                    models.CharField(
                        blank=True, choices=applications.reference.province_choices, max_length=4, verbose_name="Prefecture or province"
                    ),
                ),
                ("website", models.CharField(blank=True, max_length=200, verbose_name="Website")),
                (
                    "sector_type",
                    models.CharField(
                        blank=True,
                        choices=[("industrial", "Industrial"), ("technological", "Technological"), ("specific", "Specific")],
                        max_length=13,
                        verbose_name="Kind of sector",
                    ),
                ),
                ("sector_justification", models.CharField(blank=True, max_length=500, verbose_name="If “specific”: say in what way")),
                (
                    "nma_section",
                    models.CharField(
                        blank=True,
                        choices=applications.reference.nma_section_choices,
                        help_text="Section of the Moroccan nomenclature of activities (NMA 2010).",
                        max_length=1,
                        verbose_name="Main sector",
                    ),
                ),
                (
                    "nma_division",
                    models.CharField(
                        blank=True, help_text="Two digits, for example 13 for textiles.", max_length=2, verbose_name="Division"
                    ),
                ),
                (
                    "themes",
                    models.TextField(
                        blank=True,
                        help_text="Main activities, importance of the sector, strategic justification.",
                        max_length=3000,
                        verbose_name="Sector and themes",
                    ),
                ),
            ],
            options={
                "verbose_name": "identity",
                "verbose_name_plural": "identities",
            },
        ),
        migrations.CreateModel(
            name="StartupSupport",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="applications.application",
                    ),
                ),
                (
                    "preparation",
                    models.TextField(
                        blank=True,
                        help_text="Training, incubation, etc.",
                        max_length=5000,
                        verbose_name="Preparing the creation of a company",
                    ),
                ),
                (
                    "support",
                    models.TextField(
                        blank=True,
                        help_text="Approach and services offered, by type of support.",
                        max_length=5000,
                        verbose_name="Support after the creation",
                    ),
                ),
            ],
            options={
                "verbose_name": "start-up support",
                "verbose_name_plural": "start-up support",
            },
        ),
        migrations.CreateModel(
            name="Strategy",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="applications.application",
                    ),
                ),
                ("overall", models.TextField(blank=True, max_length=8000, verbose_name="Overall strategy of the cluster")),
                ("technologies_markets", models.TextField(blank=True, max_length=8000, verbose_name="Technologies and markets aimed at")),
                (
                    "positioning",
                    models.TextField(blank=True, max_length=8000, verbose_name="National and international competitive position"),
                ),
            ],
            options={
                "verbose_name": "strategy",
                "verbose_name_plural": "strategies",
            },
        ),
        migrations.CreateModel(
            name="Territory",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="applications.application",
                    ),
                ),
                (
                    "core_regions",
                    clusters_portal.lib.code_list.CodeListField(
                        blank=True,
                        choices_provider=applications.reference.region_choices,
                        default=tuple,
                        help_text="Where the member companies are.",
                        max_length=400,
                        verbose_name="Regions of the core perimeter",
                    ),
                ),
                (
                    "core_provinces",
                    clusters_portal.lib.code_list.CodeListField(
                        blank=True,
                        choices_provider=applications.reference.province_choices,
                        default=tuple,
                        max_length=400,
                        verbose_name="Prefectures and provinces of the core perimeter",
                    ),
                ),
                (
                    "core_text",
                    models.TextField(
                        blank=True,
                        help_text="Member companies: where they are, how close to each other.",
                        max_length=3000,
                        verbose_name="Geographical perimeter of the core",
                    ),
                ),
                (
                    "potential_regions",
                    clusters_portal.lib.code_list.CodeListField(
                        blank=True,
                        choices_provider=applications.reference.region_choices,
                        default=tuple,
                        max_length=400,
                        verbose_name="Regions of the potential perimeter",
                    ),
                ),
                (
                    "potential_text",
                    models.TextField(
                        blank=True,
                        help_text="The potential field of future cooperation.",
                        max_length=3000,
                        verbose_name="Perimeter of the productive agglomeration",
                    ),
                ),
                (
                    "history",
                    models.TextField(
                        blank=True,
                        help_text="Genesis of the cluster, roots in the territory, joint initiatives already under way.",
                        max_length=5000,
                        verbose_name="History",
                    ),
                ),
            ],
            options={
                "verbose_name": "territory",
                "verbose_name_plural": "territories",
            },
        ),
        migrations.CreateModel(
            name="AdmissibilityCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "deposit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="admissibility", to="applications.deposit"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("admissible", "Admissible"), ("inadmissible", "Inadmissible")],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("reasons_fact", models.TextField(blank=True, verbose_name="Reasons of fact")),
                (
                    "reasons_law",
                    models.TextField(
                        blank=True, help_text="Clause of the cahier des charges or text relied on.", verbose_name="Reasons of law"
                    ),
                ),
                (
                    "companies",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: the number in the application stands.",
                        null=True,
                        verbose_name="Qualifying companies, as counted by DPTC",
                    ),
                ),
                ("companies_reason", models.TextField(blank=True, verbose_name="Reason of this number")),
                ("draft", models.JSONField(blank=True, default=dict, verbose_name="lines being prepared")),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="prepared by",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed on")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                ("proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="proposed on")),
                (
                    "validated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="validated by",
                    ),
                ),
                ("validated_at", models.DateTimeField(blank=True, null=True, verbose_name="validated on")),
                ("record", models.TextField(blank=True, help_text="Canonical JSON.", verbose_name="frozen decision")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
            ],
            options={
                "verbose_name": "admissibility check",
                "verbose_name_plural": "admissibility checks",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed_at__isnull", True),
                            models.Q(("outcome", "inadmissible"), _negated=True),
                            models.Q(models.Q(("reasons_fact", ""), _negated=True), models.Q(("reasons_law", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="inadmissible_has_reasons",
                        violation_error_message="An inadmissible application needs reasons of fact and of law.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("proposed_at__isnull", True), ("proposed_by__isnull", True)),
                            models.Q(
                                ("proposed_at__isnull", False), ("proposed_by__isnull", False), models.Q(("outcome", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="admissibility_proposal_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed_at__isnull", True),
                            ("companies__isnull", True),
                            models.Q(("companies_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="admissibility_companies_have_reason",
                        violation_error_message="A corrected number of companies needs a reason.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("validated_at__isnull", True), ("validated_by__isnull", True)),
                            models.Q(
                                ("proposed_by__isnull", False),
                                ("validated_at__gte", models.F("proposed_at")),
                                ("validated_by__isnull", False),
                                models.Q(("record", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="admissibility_validated_after_proposed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("validated_by__isnull", True),
                            models.Q(("validated_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="admissibility_second_person",
                        violation_error_message="Who proposed does not validate: a second person does.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplementRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="complement_requests", to="applications.application"
                    ),
                ),
                (
                    "deposit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.deposit",
                        verbose_name="deposit asked about",
                    ),
                ),
                ("reason", models.TextField(verbose_name="What is asked and why")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="asked by"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked on")),
                (
                    "due_at",
                    models.DateTimeField(help_text="Compared inclusively, to the second, on the server's clock.", verbose_name="due on"),
                ),
                (
                    "answer",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.deposit",
                        verbose_name="answer",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered on")),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="cancelled by",
                    ),
                ),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled on")),
                ("cancel_reason", models.TextField(blank=True, verbose_name="reason of the cancellation")),
            ],
            options={
                "verbose_name": "complement request",
                "verbose_name_plural": "complement requests",
                "ordering": ("-asked_at",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at", None)),
                        fields=("application",),
                        name="complement_once_per_application",
                        violation_error_message="A complement has already been asked for: it can be asked only once.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("asked_at"))),
                        name="complement_due_after_asked",
                        violation_error_message="The due date comes after the request.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", None), ("answered_at", None)),
                            models.Q(("answer__isnull", False), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="complement_answer_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cancelled_at", None), ("answer", None), _connector="OR"), name="complement_ends_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperDeposit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="paper_deposits", to="applications.application"
                    ),
                ),
                (
                    "deposit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_deposits",
                        to="applications.deposit",
                        verbose_name="deposit it repeats",
                    ),
                ),
                ("receipt_number", models.CharField(max_length=40, unique=True, verbose_name="acknowledgement number")),
                ("received_at", models.DateTimeField(verbose_name="received on")),
                ("entered_at", models.DateTimeField(verbose_name="entered on")),
                ("deadline_at", models.DateTimeField(verbose_name="deadline at that time")),
                ("is_late", models.BooleanField(verbose_name="late")),
                ("register_number", models.CharField(blank=True, max_length=40, verbose_name="number in the paper register")),
                (
                    "copies",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)],
                        verbose_name="copies",
                    ),
                ),
                ("copies_required", models.PositiveSmallIntegerField(verbose_name="copies required at that time")),
                ("depositor_name", models.CharField(max_length=150, verbose_name="name of the depositor")),
                ("depositor_quality", models.CharField(blank=True, max_length=150, verbose_name="quality of the depositor")),
                ("all_pages_signed", models.BooleanField(verbose_name="all pages signed and stamped")),
                (
                    "fingerprint_matches",
                    models.BooleanField(null=True, verbose_name="the fingerprint printed on the pages is that of the deposit"),
                ),
                ("is_sealed", models.BooleanField(verbose_name="sealed envelope")),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="counter agent",
                    ),
                ),
            ],
            options={
                "verbose_name": "paper deposit",
                "verbose_name_plural": "paper deposits",
                "ordering": ("-received_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("received_at__lte", models.F("entered_at"))),
                        name="paper_received_before_entered",
                        violation_error_message="A paper file is entered after it was received.",
                    ),
                    models.CheckConstraint(condition=models.Q(("copies__gte", 1)), name="paper_at_least_one_copy"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("received_at", models.F("entered_at")), models.Q(("register_number", ""), _negated=True), _connector="OR"
                        ),
                        name="paper_entered_later_has_register_number",
                        violation_error_message="What is entered after the hour it was received bears its number in the paper register.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("register_number", "")),
                        fields=("deposit",),
                        name="paper_recorded_once_per_deposit",
                        violation_error_message="The paper file of this deposit has already been recorded.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListEntry",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="list_entry",
                        serialize=False,
                        to="applications.application",
                    ),
                ),
                ("deposit", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.deposit")),
                ("words", models.TextField(help_text="Each once, without accents or case.", verbose_name="words to search")),
                ("doubts", models.PositiveSmallIntegerField(default=0, verbose_name="points not conforming")),
            ],
            options={
                "verbose_name": "entry of the work list",
                "verbose_name_plural": "entries of the work list",
                "indexes": [models.Index(fields=["doubts"], name="list_entry_doubts")],
            },
        ),
        migrations.CreateModel(
            name="AdmissibilityLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "check_record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="applications.admissibilitycheck"
                    ),
                ),
                ("item", models.CharField(help_text="piece:<code> or rule:<name>", max_length=60)),
                (
                    "proposed",
                    models.CharField(
                        blank=True,
                        choices=[("conforming", "Conforming"), ("non_conforming", "Not conforming"), ("not_applicable", "Not applicable")],
                        max_length=15,
                        verbose_name="proposed",
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[("conforming", "Conforming"), ("non_conforming", "Not conforming"), ("not_applicable", "Not applicable")],
                        max_length=15,
                        verbose_name="finding",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
            ],
            options={
                "verbose_name": "admissibility line",
                "verbose_name_plural": "admissibility lines",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("check_record", "item"), name="admissibility_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finding", ""), ("finding", models.F("proposed")), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="admissibility_override_has_reason",
                        violation_error_message="Departing from what the rules propose needs a reason.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AdmissibilityReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "check_record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="applications.admissibilitycheck"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("admissible", "Admissible"), ("inadmissible", "Inadmissible")],
                        max_length=12,
                        verbose_name="outcome proposed",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed on")),
                (
                    "returned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent back by",
                    ),
                ),
                ("returned_at", models.DateTimeField(verbose_name="sent back on")),
                ("reason", models.TextField(verbose_name="reason")),
            ],
            options={
                "verbose_name": "proposal sent back",
                "verbose_name_plural": "proposals sent back",
                "ordering": ("-returned_at", "-pk"),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="admissibility_return_has_reason")
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplementItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="applications.complementrequest"
                    ),
                ),
                ("step", models.SlugField(blank=True, verbose_name="step")),
                ("part", models.CharField(blank=True, max_length=60, verbose_name="part of the step")),
                ("field", models.CharField(blank=True, help_text="Empty: the whole part.", max_length=60, verbose_name="field")),
                (
                    "requirement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.documentrequirement",
                        verbose_name="piece",
                    ),
                ),
                ("question", models.TextField(blank=True, verbose_name="question")),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "item of a complement request",
                "verbose_name_plural": "items of complement requests",
                "ordering": ("position", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("requirement", None), models.Q(("part", ""), _negated=True), models.Q(("step", ""), _negated=True)),
                            models.Q(("requirement__isnull", False), ("part", ""), ("step", "")),
                            _connector="OR",
                        ),
                        name="complement_item_field_or_piece",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("requirement", None)), fields=("request", "step", "part", "field"), name="complement_field_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("requirement__isnull", False)), fields=("request", "requirement"), name="complement_piece_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Countersignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="countersignature", to="applications.paperdeposit"
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="second agent",
                    ),
                ),
                ("signed_at", models.DateTimeField(verbose_name="signed on")),
            ],
            options={
                "verbose_name": "countersignature",
                "verbose_name_plural": "countersignatures",
            },
        ),
        migrations.CreateModel(
            name="LateDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="late_decision", to="applications.paperdeposit"
                    ),
                ),
                ("accepted", models.BooleanField(verbose_name="accepted")),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("decided_at", models.DateTimeField(verbose_name="decided on")),
            ],
            options={
                "verbose_name": "decision on a late file",
                "verbose_name_plural": "decisions on late files",
                "constraints": [models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="late_decision_has_reason")],
            },
        ),
    ]
