from django.db import migrations, models
from django.utils import timezone

ROLES = {"handler": "handler", "manager": "account_manager,administrator"}


def split_manager(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    for before, after in ROLES.items():
        User.objects.filter(role_names=before).update(role_names=after)


def join_manager(apps, schema_editor):
    """Keep the nearest old role, and block a login that would get more rights by it."""
    staff = apps.get_model("accounts", "User").objects.exclude(role_names="")
    for user in staff:
        roles = set(user.role_names.split(","))
        user.role_names = "handler" if "handler" in roles else "manager"
        if "handler" not in roles and not {"account_manager", "administrator"} <= roles:
            user.deactivated_at = user.deactivated_at or timezone.now()
        user.save(update_fields=["role_names", "deactivated_at"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_vault_of_client")]

    operations = [
        migrations.RenameField("User", "role", "role_names"),
        migrations.AlterField(
            "User", "role_names", models.CharField(blank=True, default="", max_length=60)
        ),
        migrations.RunPython(split_manager, join_manager),
    ]
