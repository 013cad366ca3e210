import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "salutation",
                    models.CharField(
                        blank=True, choices=[("mevrouw", "Mevrouw"), ("heer", "Heer")], max_length=8
                    ),
                ),
                ("first_names", models.CharField(blank=True, max_length=100)),
                ("infix", models.CharField(blank=True, max_length=20)),
                ("surname", models.CharField(blank=True, max_length=100)),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("email_key", models.CharField(max_length=254, unique=True)),
                ("role_names", models.CharField(blank=True, default="", max_length=60)),
                (
                    "language",
                    models.CharField(
                        choices=[("nl", "Dutch"), ("en", "English")], default="nl", max_length=2
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("password_set_at", models.DateTimeField(blank=True, null=True)),
                ("first_login_at", models.DateTimeField(blank=True, null=True)),
                ("last_login_at", models.DateTimeField(blank=True, null=True)),
                ("deactivated_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LinkRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.CharField(blank=True, max_length=254)),
                ("requested_at", models.DateTimeField(auto_now_add=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PasswordLink",
            fields=[
                ("token_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("activate", "Activate"), ("reset", "Reset")], max_length=8
                    ),
                ),
                ("email_key", models.CharField(max_length=254)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="password_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("key_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("face", models.CharField(max_length=6)),
                ("data", models.TextField(blank=True)),
                (
                    "assurance",
                    models.CharField(blank=True, db_default="", default="", max_length=10),
                ),
                ("kept_page", models.TextField(blank=True, db_default="", default="")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["seen_at"], name="identity_session_seen")],
            },
        ),
    ]
