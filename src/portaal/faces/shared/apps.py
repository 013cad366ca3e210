from django.apps import AppConfig


class SharedFaceConfig(AppConfig):
    name = "portaal.faces.shared"
    label = "shared_face"
