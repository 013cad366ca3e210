from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "portaal.domain.drafts"
    label = "drafts"
