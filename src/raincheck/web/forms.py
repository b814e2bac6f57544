"""How forms look: every field gets the design system's class and its error beside it."""

from typing import Any, Final

from django.forms import BoundField
from django.forms.renderers import DjangoTemplates

CLASS_OF_WIDGET: Final = {
    "checkbox": "form-check-input",
    "radioselect": "form-check-input",
    "checkboxselectmultiple": "form-check-input",
    "select": "form-select",
    "selectmultiple": "form-select",
    "nullbooleanselect": "form-select",
}


class ConsoleBoundField(BoundField):
    """A field on a console page."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """Django's attributes plus the class for the widget's kind."""
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        own = shown.attrs.get("class", "")
        look = CLASS_OF_WIDGET.get(self.widget_type, "form-control")
        if shown.attrs.get("placeholder") == self.label:
            # The label stands above the field already.
            built["placeholder"] = ""
        return {**built, "class": f"{look} {own}".strip()}


class ConsoleFormRenderer(DjangoTemplates):
    """The default renderer of all forms, allauth's included."""

    form_template_name = "web/forms/fields.html"
    field_template_name = "web/forms/field.html"
    bound_field_class = ConsoleBoundField
