from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "portaal.domain.messaging"
    label = "messaging"
