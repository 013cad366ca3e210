from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "portaal.domain.clients"
    label = "clients"

    def ready(self) -> None:
        """Register the reason to log in."""
        from . import permissions  # noqa: F401 - it registers the reason
