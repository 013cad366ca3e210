from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "portaal.domain.notifications"
    label = "notifications"

    def ready(self) -> None:
        from portaal.domain.journal.verbs import listen

        from .listener import on_event

        listen(on_event)
