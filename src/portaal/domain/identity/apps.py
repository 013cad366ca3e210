from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "portaal.domain.identity"
    label = "identity"
