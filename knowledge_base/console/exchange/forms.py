"""The forms of the exchange."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _

from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.exchange.sheet_words import SHEETS
from knowledge_base.console.guidance.models import Administration, Figure, Source
from knowledge_base.exchange.tables.csv_tables import OLD_ENCODINGS
from knowledge_base.exchange.tables.layout import GUIDANCE, LAYOUTS

# How pages write numbers; the languages of each style read alike.
NUMBERS = [("", _("I am not sure: take clear numbers only")), ("en", "1,234.5"), ("de", "1.234,5"), ("fr", "1 234,5")]
_ENCODINGS = {
    "western": _("Western Europe (Windows)"), "arabic": _("Arabic (Windows)"), "cyrillic": _("Cyrillic (Windows)"), "chinese": _("Chinese (GB 18030)"),
}  # fmt: skip


class _Day(forms.DateInput):
    """The browser's own calendar, in the language of whoever uses it."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class _LongChoices(forms.Select):
    """Choices as long as the titles of pages; the box is cut off at the page's edge and tells the whole under the pointer."""

    class Media:
        js = [Script("exchange/long-choices.js", type="module")]


class AdministrationField(forms.ModelChoiceField):
    """The administrations that somebody works on; the only one is chosen already."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Administration.objects.none(), label=_("Administration"), empty_label=None, **kwargs)

    def of(self, user: Any, *, every: bool = False) -> None:
        allowed = [item.pk for item in Administration.objects.all() if every or may_work_on(user, item.key)]
        self.queryset = Administration.objects.filter(pk__in=allowed)


class FigureValueForm(forms.Form):
    """Another value of a figure, with its first day, its source and the reason."""

    value = forms.CharField(
        label=_("New value"),
        max_length=300,
        help_text=_("Paste it as the page writes it, such as “AED 60,000” or “5 %”."),
    )
    numbers = forms.ChoiceField(label=_("The page writes numbers as"), choices=NUMBERS, required=False)
    when = forms.ChoiceField(
        label=_("From when"),
        choices=[("from", _("from this day on")), ("correct", _("the value of today was wrong: put it right"))],
        widget=forms.RadioSelect,
        initial="from",
    )
    start = forms.DateField(label=_("First day"), required=False, widget=_Day)
    until = forms.DateField(
        label=_("Last day"), required=False, widget=_Day, help_text=_("Leave it empty when the value stays. After it, the value of before holds again.")
    )  # fmt: skip
    source = forms.ModelChoiceField(
        label=_("Page that says so"), queryset=Source.objects.none(), empty_label=None, widget=_LongChoices
    )
    status = forms.ChoiceField(label=_("Status"), choices=Figure._meta.get_field("status").choices)
    note = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever approves it reads this."),
    )

    def __init__(self, figure: Figure, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Source.objects.filter(administration=figure.administration)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("when") == "from" and not data.get("start") and "start" not in self.errors:
            self.add_error("start", _("Say from which day the value holds."))
        if data.get("when") == "correct":
            data["start"] = None
        return data

    def edit(self) -> dict[str, Any]:
        """What of a FigureEdit was typed, beside the value."""
        data = self.cleaned_data
        return {"start": data["start"], "until": data["until"], "source": data["source"].key, "status": data["status"]}


class ExportForm(forms.Form):
    """Which sheets of which administration to take away, as which file."""

    administration = AdministrationField()
    sheets = forms.MultipleChoiceField(
        label=_("Sheets"), choices=[(name, SHEETS[name]) for name in LAYOUTS], initial=list(GUIDANCE), widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    form = forms.ChoiceField(
        label=_("File"), choices=[("xlsx", _("Excel workbook (XLSX)")), ("csv", _("CSV; several sheets come as a ZIP"))], initial="xlsx"
    )  # fmt: skip
    drafts = forms.BooleanField(
        label=_("With the newest drafts instead of what is served"), required=False, initial=True
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["administration"].of(user, every=True)


class TableForm(forms.Form):
    """A table to bring in."""

    administration = AdministrationField()
    file = forms.FileField(label=_("XLSX, CSV, or a ZIP of CSV files"), max_length=255)
    encoding = forms.ChoiceField(
        label=_("Encoding of a CSV file"), required=False,
        choices=[("", _("Unicode (the usual one)")), *((name, _ENCODINGS[name]) for name in OLD_ENCODINGS)],
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Numbers are written as"), choices=NUMBERS, required=False)

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["administration"].of(user)


class DocumentForm(forms.Form):
    """A document to split."""

    administration = AdministrationField()
    file = forms.FileField(label=_("PDF, DOCX or HTML"), max_length=255)
    source = forms.ModelChoiceField(
        label=_("Source that it is"), queryset=Source.objects.none(), required=False, widget=_LongChoices, help_text=_("It becomes the source of the drafts. Add it to the sources first.")
    )  # fmt: skip

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["administration"].of(user)
        allowed = self.fields["administration"].queryset
        self.fields["source"].queryset = Source.objects.filter(administration__in=allowed).select_related(
            "administration"
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        source = data.get("source")
        if source is not None and data.get("administration") and source.administration_id != data["administration"].pk:
            self.add_error("source", _("This source is another administration's."))
        return data
