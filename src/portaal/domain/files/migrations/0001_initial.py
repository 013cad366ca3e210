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
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("dossier", models.UUIDField()),
                ("name", models.CharField(max_length=200)),
                ("length", models.BigIntegerField()),
                ("offset", models.BigIntegerField(default=0)),
                ("sealed_key", models.BinaryField()),
                ("last_start", models.BigIntegerField(default=0)),
                ("last_sha256", models.CharField(blank=True, max_length=64)),
                ("begun_at", models.DateTimeField(auto_now_add=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vault",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="keys.vault",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UploadPart",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("start", models.BigIntegerField()),
                ("size", models.BigIntegerField()),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="files.upload",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("sealed_key", models.BinaryField()),
                ("has_gps", models.BooleanField(default=False)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("clean", "Clean"),
                            ("quarantined", "Quarantined"),
                        ],
                        default="waiting",
                        max_length=11,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("found", "The virus scanner found something in it."),
                            (
                                "unchecked",
                                "It could not be checked: the virus scanner did not answer.",
                            ),
                            ("macros", "It holds macros: a program that starts with the document."),
                            ("mixed", "It is two kinds of file in one."),
                            ("unlike", "What is inside is not what its name says."),
                            ("too_much", "It unpacks to more than a document needs."),
                            ("damaged", "It is damaged, so that we could not look inside."),
                            (
                                "encrypted",
                                "It is locked with a password, so that we could not look inside.",
                            ),
                            ("active", "It holds a script, or starts something when it is opened."),
                            ("enclosed", "It has another file inside."),
                            ("outside", "It fetches something from elsewhere when it is opened."),
                        ],
                        max_length=9,
                    ),
                ),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("copy_failed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "original",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copy",
                        to="files.storedfile",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vault",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="keys.vault",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["claimed_at", "received_at"], name="files_unclaimed")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["owner", "begun_at"], name="files_uploads_of"),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["begun_at"], name="files_uploads_old"),
        ),
        migrations.AddConstraint(
            model_name="uploadpart",
            constraint=models.UniqueConstraint(fields=("upload", "start"), name="files_one_part"),
        ),
    ]
