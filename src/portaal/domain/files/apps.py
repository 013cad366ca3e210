from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "portaal.domain.files"
    label = "files"
