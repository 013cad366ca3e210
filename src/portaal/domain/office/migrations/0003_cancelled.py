from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def tell_apart(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """The standard 'Vervallen' was one of the closed."""
    apps.get_model("office", "Status").objects.filter(name_nl="Vervallen", group="closed").update(group="cancelled")


def join(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("office", "Status").objects.filter(group="cancelled").update(group="closed")


class Migration(migrations.Migration):
    dependencies = [("office", "0002_logo")]

    operations = [
        migrations.AlterField(
            model_name="status",
            name="group",
            field=models.CharField(
                choices=[("in_progress", "In Progress"), ("closed", "Closed"), ("cancelled", "Cancelled")],
                default="in_progress",
                max_length=12,
            ),
        ),
        migrations.RunPython(tell_apart, join),
    ]
