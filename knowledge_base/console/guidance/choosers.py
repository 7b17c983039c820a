"""The windows in which a source, an answer or an administration is chosen: a search, and one administration at a time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.widgets import AdminSnippetChooser

from knowledge_base.console.guidance.models import Administration
from knowledge_base.console.guidance.searching import holding

# The window lies over an editor, which has a field of the same name.
_LOOKED_FOR_AT_ONCE = {"data-chooser-modal-search-filter": True, "id": "choose-administration"}


class GuidanceFilter(BaseFilterForm):
    """Every word must stand somewhere in what the list of this kind is searched by."""

    q = forms.CharField(
        label=_("Search term"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Search")})
    )
    administration = forms.ModelChoiceField(
        label=_("Administration"), queryset=Administration.objects.order_by("key"), required=False, empty_label=_("All of them"),
        widget=forms.Select(attrs=_LOOKED_FOR_AT_ONCE),
    )  # fmt: skip

    def filter(self, objects: QuerySet) -> QuerySet:
        words = self.cleaned_data["q"].split()
        fields = objects.model.snippet_viewset.search_fields
        for word in words:
            objects = objects.filter(holding(objects.model, fields, word))
        administration = self.cleaned_data.get("administration")  # there is none to choose among administrations
        if administration:
            objects = objects.filter(administration=administration)
        self.search_query = " ".join(words)
        self.is_searching = bool(words or administration)
        return objects


class InTheReadersLanguage(AdminSnippetChooser):
    """A chooser whose buttons speak the language of whoever sees them; Wagtail puts their words together once, when the console starts."""

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        super().__init__(model, **kwargs)
        name = model._meta.verbose_name
        self.choose_one_text = format_lazy(_("Choose {object}"), object=name)
        self.choose_another_text = format_lazy(_("Choose another: {object}"), object=name)
        self.link_to_chosen_text = format_lazy(_("Edit {object}"), object=name)


class OfTheSameAdministration(InTheReadersLanguage):
    """A chooser that opens with what belongs to the administration chosen in the same editor."""

    linked_fields = {"administration": "#id_administration"}


class _Choosing:
    filter_form_class = GuidanceFilter

    def get_object_list(self) -> QuerySet:
        objects = super().get_object_list()  # type: ignore[misc]
        return objects if objects.model is Administration else objects.select_related("administration")

    def get_filter_form(self) -> Any:
        form = super().get_filter_form()  # type: ignore[misc]
        if self.model_class is Administration:  # type: ignore[attr-defined]
            del form.fields["administration"]
        return form

    @property
    def columns(self) -> list[Column]:
        columns = super().columns  # type: ignore[misc]
        if self.model_class is not Administration:  # type: ignore[attr-defined]
            columns.insert(1, Column("administration", label=_("Administration")))
        return columns


class GuidanceChooseView(_Choosing, ChooseView):
    """The window as it opens."""


class GuidanceChooseResultsView(_Choosing, ChooseResultsView):
    """Its list, asked for again with each letter of the search."""


class GuidanceChooser(SnippetChooserViewSet):
    choose_view_class = GuidanceChooseView
    choose_results_view_class = GuidanceChooseResultsView

    @cached_property
    def widget_class(self) -> InTheReadersLanguage:  # type: ignore[override]
        return InTheReadersLanguage(self.model, icon=self.icon)
