from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "portaal.domain.notifications"
    label = "notifications"

    def ready(self) -> None:
        from portaal.domain.journal.recording import event_recorded

        from .listener import on_event

        event_recorded.connect(on_event)
