"""Lists and editors of guidance."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
)
from wagtail.admin.panels.base import get_form_for_model
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from knowledge_base.console.exchange.panels import SourceParagraphPanel
from knowledge_base.console.guidance import filters
from knowledge_base.console.guidance.choosers import GuidanceChooser, OfTheSameAdministration
from knowledge_base.console.guidance.forms import EntryForm, FigureForm, GuidanceForm, SourceForm, TranslationForm
from knowledge_base.console.guidance.models import Administration, Entry, Figure, PackFile, Source, Translation
from knowledge_base.console.guidance.panels import EntryTabs, QuestionsPanel, StatePanel
from knowledge_base.console.guidance.permissions import ByAdministration
from knowledge_base.console.guidance.searching import holding
from knowledge_base.console.guidance.usage import UsageView


class TranslationsPanel(InlinePanel):
    """Translations in rows with a form of their own; Wagtail's panel makes it of the model alone."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        ours = options["formsets"][self.relation_name]
        ours["form"] = get_form_for_model(Translation, form_class=TranslationForm, defer_required_on_fields=["title", "answer"])
        return options


_READERS = ["add", "change", "view"]


class _OnlyTheirs:
    """Refuses those who do not work on the administration, and what would hide who wrote a draft."""

    def user_has_permission(self, permission: str) -> bool:
        item = getattr(self, "object", None)
        user = self.request.user  # type: ignore[attr-defined]
        if item is not None and permission == "change" and super().user_has_permission(permission):  # type: ignore[misc]
            # The task opens the page to reviewers, who find it locked.
            own = self.permission_policy.user_has_permission_for_instance(user, "change", item)  # type: ignore[attr-defined]
            task = item.current_workflow_task
            return own or bool(task and task.user_can_access_editor(item, user))
        return super().user_has_permission(permission)  # type: ignore[misc]


class EditView(_OnlyTheirs, snippets.EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.POST.get("overwrite_revision_id"):
            raise PermissionDenied(str(_("A draft is never written over: it says who wrote it.")))
        return super().dispatch(request, *args, **kwargs)


class HistoryView(snippets.HistoryView):
    any_permission_required = _READERS  # an auditor reads and changes nothing


class RevisionsCompareView(snippets.RevisionsCompareView):
    permission_required = None
    any_permission_required = _READERS


class PreviewRevisionView(snippets.PreviewRevisionView):
    permission_required = None
    any_permission_required = _READERS


class WorkflowHistoryView(snippets.WorkflowHistoryView):
    permission_required = None
    any_permission_required = _READERS


class WorkflowHistoryDetailView(snippets.WorkflowHistoryDetailView):
    permission_required = None
    any_permission_required = _READERS


class IndexView(snippets.IndexView):
    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        if self.model is not Administration:
            rows = rows.select_related("administration")
        return rows

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        """Each row once, though an answer is found by any of its questions."""
        if not self.is_searching:
            return queryset
        return queryset.filter(holding(self.model, self.search_fields or (), self.search_query))


class GuidanceViewSet(SnippetViewSet):
    """What all lists and editors of guidance share."""

    index_view_class = IndexView
    edit_view_class = EditView
    history_view_class = HistoryView
    revisions_compare_view_class = RevisionsCompareView
    revisions_view_class = PreviewRevisionView
    workflow_history_view_class = WorkflowHistoryView
    workflow_history_detail_view_class = WorkflowHistoryDetailView
    usage_view_class = UsageView
    chooser_viewset_class = GuidanceChooser
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 20
    add_to_admin_menu = False

    @cached_property
    def permission_policy(self) -> ByAdministration:  # type: ignore[override]
        return ByAdministration(self.model)


class EntryViewSet(GuidanceViewSet):
    model = Entry
    icon = "help"
    menu_order = 100
    list_display = ["title", "administration", Column("topic_name", label=_("Topic"), sort_key="topic"), "review_by", UpdatedAtColumn(label=_("Last changed")), LiveStatusTagColumn(label=_("State"))]
    search_fields = ["title", "key", "answer", "questions__text"]
    filterset_class = filters.EntryFilters
    edit_handler = EntryTabs(
        [
            ObjectList(
                [
                    StatePanel(),
                    SourceParagraphPanel(),
                    # First the administration: its figures and sources are what the answer is offered.
                    FieldRowPanel([FieldPanel("administration"), FieldPanel("topic"), FieldPanel("audience")]),
                    FieldPanel("title"),
                    FieldPanel("answer"),
                    InlinePanel("entry_sources", [FieldPanel("source", widget=OfTheSameAdministration(Source, icon="link"))], heading=_("Sources"), label=_("Source"), min_num=1),
                    FieldRowPanel([FieldPanel("review_by"), FieldPanel("most_asked")]),
                ],
                heading=_("Answer"),
            ),
            ObjectList([QuestionsPanel(heading=_("Questions"))], heading=_("Questions")),
            ObjectList(
                [
                    TranslationsPanel(
                        "translations",
                        [FieldPanel("language"), FieldPanel("title"), FieldPanel("answer"), FieldPanel("fits")],
                        heading=_("Translations"),
                        label=_("Translation"),
                    )
                ],
                heading=_("Translations"),
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("effective_from"), FieldPanel("effective_until")]),
                            FieldRowPanel([FieldPanel("only_from"), FieldPanel("not_from")]),
                        ],
                        heading=_("When and for whom it holds"),
                    ),
                    InlinePanel("related_entries", [FieldPanel("other")], heading=_("Offered under it"), label=_("Answer")),
                    FieldPanel("key"),
                    PublishingPanel(),
                ],
                heading=_("Details"),
            ),
        ],
        base_form_class=EntryForm,
    )


class FigureViewSet(GuidanceViewSet):
    model = Figure
    icon = "tag"
    menu_order = 110
    list_display = ["label", "value_today", "administration", "status", LiveStatusTagColumn(label=_("State"))]
    search_fields = ["label", "key", "note"]
    filterset_class = filters.FigureFilters
    edit_handler = ObjectList(
        [
            StatePanel(),
            FieldRowPanel([FieldPanel("administration"), FieldPanel("key")]),
            FieldPanel("label"),
            FieldRowPanel([FieldPanel("unit"), FieldPanel("currency"), FieldPanel("at_limit")]),
            InlinePanel(
                "periods",
                [FieldRowPanel([FieldPanel("start"), FieldPanel("until"), FieldPanel("value")])],
                heading=_("Values, the newest last"),
                label=_("Value"),
                min_num=1,
            ),
            FieldRowPanel([FieldPanel("source"), FieldPanel("status")]),
            InlinePanel(
                "conflicts",
                [FieldRowPanel([FieldPanel("value"), FieldPanel("source"), FieldPanel("note")])],
                heading=_("Other values that were found"),
                label=_("Other value"),
            ),
            FieldPanel("note"),
            PublishingPanel(),
        ],
        base_form_class=FigureForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Figure.objects.select_related("source").prefetch_related("periods", "conflicts__source")


class SourceViewSet(GuidanceViewSet):
    model = Source
    icon = "link"
    menu_order = 120
    list_display = ["title", "publisher", "kind", "checked", "administration", LiveStatusTagColumn(label=_("State"))]
    search_fields = ["title", "publisher", "key", "url"]
    filterset_class = filters.SourceFilters
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("administration"), FieldPanel("key")]),
            *(FieldPanel(name) for name in ("title", "publisher", "url", "kind", "as_of", "checked", "note")),
            PublishingPanel(),
        ],
        base_form_class=SourceForm,
    )


class AdministrationViewSet(GuidanceViewSet):
    model = Administration
    icon = "site"
    menu_order = 130
    list_display = ["__str__", "key", "currency"]
    search_fields = ["key"]
    edit_handler = ObjectList(
        [
            *(
                FieldPanel(name)
                for name in (
                    "key", "name", "authority", "currency", "languages", "time_zone", "covers", "not_covered", "called",
                    "emergency_phone", "emergency_sources",
                )
            ),
            InlinePanel(
                "contacts",
                [
                    FieldPanel(name)
                    for name in ("key", "name", "helps_with", "audience", "phone", "email", "url", "hours", "sources")
                ],
                heading=_("Contacts"),
                label=_("Contact"),
            ),
            PublishingPanel(),
        ],
        base_form_class=GuidanceForm,
    )  # fmt: skip


class PackFileViewSet(GuidanceViewSet):
    model = PackFile
    icon = "code"
    menu_order = 140
    list_display = ["__str__", "changed_at"]
    search_fields = ["key"]
    edit_handler = ObjectList(
        [FieldRowPanel([FieldPanel("administration"), FieldPanel("key")]), FieldPanel("text"), PublishingPanel()],
        base_form_class=SourceForm,
    )


class GuidanceGroup(SnippetViewSetGroup):
    """The guidance in the menu."""

    items = (EntryViewSet, FigureViewSet, SourceViewSet, AdministrationViewSet, PackFileViewSet)
    menu_label = _("Guidance")
    menu_icon = "folder-open-inverse"
    menu_name = "guidance"
    menu_order = 100
