from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "portaal.domain.journal"
    label = "journal"
