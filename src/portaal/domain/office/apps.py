from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "portaal.domain.office"
    label = "office"
