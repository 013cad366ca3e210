from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "portaal.faces.mailbox"
    label = "mailbox"
