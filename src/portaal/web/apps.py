from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "portaal.web"
    label = "web"
