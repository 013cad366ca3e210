"""How a form field looks: label, hint, error, input, in that order (design §4)."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    field_template_name = "ui/field.html"

    def get_template(self, template_name: str):
        if template_name.startswith("ui/"):
            from django.template.loader import get_template

            return get_template(template_name)
        return super().get_template(template_name)
