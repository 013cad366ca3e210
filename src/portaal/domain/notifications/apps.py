from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "portaal.domain.notifications"
    label = "notifications"

    def ready(self) -> None:
        from . import listener  # noqa: F401 - it connects its receivers
