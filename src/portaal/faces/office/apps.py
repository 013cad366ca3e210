from django.apps import AppConfig


class OfficeFaceConfig(AppConfig):
    name = "portaal.faces.office"
    label = "office_face"
