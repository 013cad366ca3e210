import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BATCH = 1000


def assign_handlers(apps, schema_editor):
    """Give the handler of each dossier an assignment; the column stays."""
    Assignment = apps.get_model("dossiers", "Assignment")
    handlers = apps.get_model("dossiers", "Dossier").objects.values_list("pk", "handler")
    rows = (
        Assignment(dossier_id=dossier, user_id=handler, kind="handler")
        for dossier, handler in handlers.iterator(BATCH)
    )
    Assignment.objects.bulk_create(rows, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("dossiers", "0004_access"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("handler", "Handler"),
                            ("deputy", "Deputy"),
                            ("secretary", "Secretary"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="dossiers.dossier",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dossier", "user"), name="dossiers_one_assignment"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "handler")),
                        fields=("dossier",),
                        name="dossiers_one_handler",
                    ),
                ],
            },
        ),
        migrations.RunPython(assign_handlers, migrations.RunPython.noop),
    ]
