from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_rate_counter"), ("keys", "0001_initial")]

    operations = [
        migrations.AddField(
            "Client",
            "vault",
            models.OneToOneField(
                "keys.Vault",
                models.PROTECT,
                blank=True,
                editable=False,
                null=True,
                related_name="+",
            ),
        ),
    ]
