import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone


def have_checked(apps, schema_editor):
    """What was received before files were checked is checked now; until then nobody opens it."""
    Job = apps.get_model("jobs", "Job")
    for pk in apps.get_model("files", "StoredFile").objects.values_list("pk", flat=True).iterator():
        arguments = {"args": [str(pk)], "kwargs": {}}
        Job.objects.create(task="portaal.domain.files.tasks.check", arguments=arguments, due=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedfile',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='copy_failed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='original',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='copy', to='files.storedfile'),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='reason',
            field=models.CharField(blank=True, choices=[('found', 'The virus scanner found something in it.'), ('unchecked', 'It could not be checked: the virus scanner did not answer.'), ('macros', 'It holds macros: a program that starts with the document.'), ('mixed', 'It is two kinds of file in one.'), ('unlike', 'What is inside is not what its name says.'), ('too_much', 'It unpacks to more than a document needs.'), ('damaged', 'It is damaged, so that we could not look inside.'), ('encrypted', 'It is locked with a password, so that we could not look inside.'), ('active', 'It holds a script, or starts something when it is opened.'), ('enclosed', 'It has another file inside.'), ('outside', 'It fetches something from elsewhere when it is opened.')], max_length=9),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('clean', 'Clean'), ('held', 'Held')], default='waiting', max_length=7),
        ),
        migrations.AlterField(
            model_name='storedfile',
            name='content_type',
            field=models.CharField(max_length=100),
        ),
        migrations.RunPython(have_checked, migrations.RunPython.noop),
    ]
