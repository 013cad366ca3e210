"""The form renderer: fields by our own macro, widgets by Django's own templates."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template


class Renderer(DjangoTemplates):
    """Django's renderer of widgets, with our own macro for whole fields."""

    field_template_name = "ui/field.html"

    def get_template(self, template_name: str) -> Any:
        """Return a template: ours by the template engines, all others from Django itself."""
        if template_name.startswith("ui/"):
            return get_template(template_name)
        return super().get_template(template_name)
