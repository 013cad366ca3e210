import django.core.validators
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DossierType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_nl", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, max_length=80)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Logo",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("content", models.BinaryField()),
                ("media_type", models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="Status",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_nl", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, max_length=80)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("in_progress", "In Progress"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="in_progress",
                        max_length=12,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "statuses",
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "emblem",
                    models.CharField(
                        blank=True, choices=[("linden", "Linden"), ("quay", "Quay")], max_length=10
                    ),
                ),
                ("street", models.CharField(blank=True, max_length=80)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("city", models.CharField(blank=True, max_length=60)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("web_address", models.CharField(blank=True, max_length=80)),
                (
                    "brand",
                    models.CharField(
                        default="#2b3a7d",
                        max_length=7,
                        validators=[django.core.validators.RegexValidator("^#[0-9a-fA-F]{6}\\Z")],
                    ),
                ),
                (
                    "accent",
                    models.CharField(
                        default="#b23a4e",
                        max_length=7,
                        validators=[django.core.validators.RegexValidator("^#[0-9a-fA-F]{6}\\Z")],
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="office.logo",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TypeStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_nl", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, max_length=80)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="office.dossiertype",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
    ]
