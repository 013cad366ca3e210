from django.apps import AppConfig


class ThrottleConfig(AppConfig):
    name = "portaal.domain.throttle"
    label = "throttle"
