from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "portaal.ui"
    label = "ui"
