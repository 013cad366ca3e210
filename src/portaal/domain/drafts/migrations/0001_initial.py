import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("keys", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("form", models.CharField(max_length=40)),
                ("object_id", models.CharField(max_length=300)),
                ("sealed", models.BinaryField()),
                ("saved_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vault",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="keys.vault",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["saved_at"], name="drafts_by_age")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "form", "object_id"), name="drafts_one_a_form"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("form", "page")),
                        fields=("user",),
                        name="drafts_one_page_of_user",
                    ),
                ],
            },
        ),
    ]
