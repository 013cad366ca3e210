from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0002_appointment'),
        ('messaging', '0003_told'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='message',
            name='messaging_told',
        ),
        migrations.AddField(
            model_name='message',
            name='seen_by_all_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('from_office', True)), fields=['party', 'seen_by_all_at', '-sent_at', 'id'], name='messaging_new'),
        ),
    ]
