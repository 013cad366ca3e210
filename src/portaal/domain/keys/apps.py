from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "portaal.domain.keys"
    label = "keys"
