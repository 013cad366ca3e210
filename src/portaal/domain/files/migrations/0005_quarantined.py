from django.db import migrations, models


def rename_state(old, new):
    def change(apps, schema_editor):
        apps.get_model("files", "StoredFile").objects.filter(state=old).update(state=new)

    return change


class Migration(migrations.Migration):
    """Rename the state "held" to "quarantined", and `has_place` to `has_gps`."""

    dependencies = [
        ("files", "0004_place"),
    ]

    operations = [
        migrations.RenameField(
            model_name="storedfile",
            old_name="has_place",
            new_name="has_gps",
        ),
        migrations.AlterField(
            model_name="storedfile",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("clean", "Clean"),
                    ("quarantined", "Quarantined"),
                ],
                default="waiting",
                max_length=11,
            ),
        ),
        migrations.RunPython(
            rename_state("held", "quarantined"), rename_state("quarantined", "held")
        ),
    ]
