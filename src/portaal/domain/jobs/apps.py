from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "portaal.domain.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Load the `tasks.py` of each room, which registers its hourly and daily work."""
        autodiscover_modules("tasks")
