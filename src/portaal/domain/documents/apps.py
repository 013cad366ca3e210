from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "portaal.domain.documents"
    label = "documents"
