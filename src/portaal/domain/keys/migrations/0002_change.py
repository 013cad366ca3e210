from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("keys", "0001_initial"), ("journal", "0004_key_and_format")]

    operations = [
        migrations.CreateModel(
            "Change",
            [
                (
                    "event",
                    models.OneToOneField(
                        "journal.Event",
                        models.PROTECT,
                        primary_key=True,
                        related_name="change",
                        serialize=False,
                    ),
                ),
                (
                    "vault",
                    models.ForeignKey("keys.Vault", models.PROTECT, related_name="changes"),
                ),
                ("sealed", models.BinaryField()),
            ],
        ),
    ]
