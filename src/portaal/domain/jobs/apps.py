from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "portaal.domain.jobs"
    label = "jobs"
