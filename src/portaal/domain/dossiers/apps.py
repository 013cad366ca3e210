from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "portaal.domain.dossiers"
    label = "dossiers"
