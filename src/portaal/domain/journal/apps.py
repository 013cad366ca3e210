from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "portaal.domain.journal"
    label = "journal"

    def ready(self) -> None:
        """Load the `events.py` of each app, so that the registry is whole."""
        autodiscover_modules("events")
