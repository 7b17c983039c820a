"""A limit, rate, threshold or deadline: one number in one place."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from knowledge_base import model
from knowledge_base.console.guidance.models.administration import Administration
from knowledge_base.console.guidance.models.base import Guidance
from knowledge_base.console.guidance.models.source import Source

UNITS = [
    ("L", _("litres")), ("ml", _("millilitres")), ("kg", _("kilograms")), ("g", _("grams")), ("m", _("metres")), ("cm", _("centimetres")),
    ("km", _("kilometres")), ("percent", _("per cent")), ("hour", _("hours")), ("day", _("days")), ("working_day", _("working days")),
    ("week", _("weeks")), ("month", _("months")), ("year", _("years")), ("each", _("number of things")), ("text", _("words")),
    ("date", _("a day")),
]  # fmt: skip


class Figure(Guidance):
    """A limit, rate, threshold or deadline with its periods, source and status. A value is text: “42”, “unknown”, “2026-01-01”."""

    administration = models.ForeignKey(Administration, models.PROTECT, related_name="figures", verbose_name=_("administration"))
    label = models.CharField(_("what it is"), max_length=1000)
    unit = models.CharField(_("unit"), max_length=20, choices=UNITS, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("Three letters, instead of a unit."))
    at_limit = models.CharField(
        _("exactly this much is"),
        max_length=10,
        blank=True,
        choices=[("within", _("still allowed")), ("over", _("already too much"))],
    )
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="figures", verbose_name=_("source"))
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=[("verified", _("verified")), ("conflicting", _("sources disagree")), ("unverified", _("not verified"))],
        default="unverified",
    )
    note = models.TextField(_("note for staff"), blank=True)

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["administration__key", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["key"], name="figure_key")]

    def __str__(self) -> str:
        return self.label or self.key

    def typed(self) -> model.Figure:
        """The figure as the search and the sums know it. Raises pydantic's `ValidationError` when it is not consistent."""
        from knowledge_base.console.guidance.shapes import figure_data

        return model.Figure.model_validate(figure_data(self))

    def value_today(self) -> str:
        """The value of today as English text, or an empty text when there is none."""
        from knowledge_base.figures import format_figure

        try:
            return format_figure(self.typed(), date.today(), "en")
        except (LookupError, ValueError):
            return ""

    value_today.short_description = _("value today")  # type: ignore[attr-defined]


class FigurePeriod(Orderable):
    """One value and the days on which it holds, both ends included."""

    figure = ParentalKey(Figure, on_delete=models.CASCADE, related_name="periods")
    start = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    value = models.CharField(_("value"), max_length=2000, help_text=_("0 means nothing is free. Write unknown if nobody knows."))


class FigureConflict(Orderable):
    """Another value that was found, and where."""

    figure = ParentalKey(Figure, on_delete=models.CASCADE, related_name="conflicts")
    value = models.CharField(_("other value"), max_length=2000)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name=_("source"))
    note = models.CharField(_("note"), max_length=2000, blank=True)
