from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portaal.domain.accounts"
    label = "accounts"
