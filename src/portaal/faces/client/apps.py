from django.apps import AppConfig


class ClientFaceConfig(AppConfig):
    name = "portaal.faces.client"
    label = "client"
