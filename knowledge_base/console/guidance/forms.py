"""The editor's forms: what is typed becomes the parts of a pack, and each person changes only what is theirs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError as PackError
from wagtail.admin.forms import WagtailAdminModelForm

from knowledge_base.answer_text import figures_in
from knowledge_base.console.accounts.rights import is_in, may_work_on, may_write_in
from knowledge_base.console.guidance.models import Administration, Entry, Figure, Question
from knowledge_base.console.guidance.panels import PREFIX
from knowledge_base.console.guidance.telling import faults_told
from knowledge_base.console.guidance.topics import language_name, topics
from knowledge_base.console.guidance.widgets import AnswerInput
from knowledge_base.pack_writing import by_language


class GuidanceForm(WagtailAdminModelForm):
    """What all guidance has in common: the id and the administration stay once they are given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new = self.instance.pk is None
        if "administration" in self.fields:
            field = self.fields["administration"]
            field.disabled = not new
            if new and self.for_user is not None:
                allowed = [item.pk for item in Administration.objects.all() if may_work_on(self.for_user, item.key)]
                field.queryset = Administration.objects.filter(pk__in=allowed)
        if "key" in self.fields:
            self.fields["key"].disabled = not new
            self.fields["key"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        administration = data.get("administration") or getattr(self.instance, "administration_id", None) and self.instance.administration
        if "key" in self.fields and self.instance.pk is None and administration:
            key = (data.get("key") or "").strip() or self.proposed_key(administration, data)
            data["key"] = self.instance.key = key
            if self.needs_prefix and not key.startswith(administration.key + "."):
                self.add_error("key", _("Ids of this administration begin with “%(prefix)s.”.") % {"prefix": administration.key})
            elif type(self.instance)._default_manager.filter(key=key, **self.unique_in(administration)).exists():
                self.add_error("key", _("There is “%(key)s” already.") % {"key": key})
        return data

    needs_prefix = True

    def unique_in(self, administration: Administration) -> dict[str, Any]:
        return {}

    def proposed_key(self, administration: Administration, data: dict[str, Any]) -> str:
        words = slugify(data.get("title") or data.get("label") or "new").replace("-", "_")[:60].strip("_") or "new"
        middle = f".{data['topic']}" if data.get("topic") else ""
        return f"{administration.key}{middle}.{words}"


class SourceForm(GuidanceForm):
    needs_prefix = False

    def unique_in(self, administration: Administration) -> dict[str, Any]:
        return {"administration": administration}

    def proposed_key(self, administration: Administration, data: dict[str, Any]) -> str:
        return slugify(data.get("title") or "source")[:60] or "source"


class FigureForm(GuidanceForm):
    """A figure whose periods, unit and value go together, as the search and the sums need it."""

    def is_valid(self) -> bool:
        return super().is_valid() and self._goes_together()

    def _goes_together(self) -> bool:
        from knowledge_base import model

        periods = [form.cleaned_data for form in self.formsets["periods"].forms if _stays(form)]
        conflicts = [form.cleaned_data for form in self.formsets["conflicts"].forms if _stays(form)]
        periods.sort(key=lambda period: period.get("ORDER") or 0)
        source = self.cleaned_data.get("source")
        try:
            model.Figure.model_validate(
                {
                    "id": self.instance.key,
                    "label": self.cleaned_data.get("label"),
                    "unit": self.cleaned_data.get("unit") or None,
                    "currency": self.cleaned_data.get("currency") or None,
                    "valid": [{"from": item.get("start"), "until": item.get("until"), "value": item.get("value")} for item in periods],
                    "source": source.key if source else "-",
                    "status": self.cleaned_data.get("status"),
                    "conflict": [{"value": item.get("value"), "source": item["source"].key} for item in conflicts if item.get("source")],
                }
            )
        except PackError as error:
            for fault in faults_told(error):
                self.add_error(None, fault)
            return False
        return True


def _stays(form: Any) -> bool:
    return hasattr(form, "cleaned_data") and form.cleaned_data and not form.cleaned_data.get("DELETE")


class TranslationForm(WagtailAdminModelForm):
    """One translation; the box says that it fits the original as it stands now."""

    language = forms.ChoiceField(label=_("Language"))
    fits = forms.BooleanField(
        label=_("Fits the original as it stands now"), required=False, help_text=_("Tick it when the original changed and this is still right.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, language_name(code)) for code in settings.GUIDANCE_LANGUAGES]
        self.fields["answer"].widget = AnswerInput()


class EntryForm(GuidanceForm):
    """An answer: the questions as boxes by language, translations with their state, and each person's own parts open."""

    topic = forms.ChoiceField(label=_("Topic"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = topics()
        if self.instance.topic and self.instance.topic not in dict(known):
            known = [*known, (self.instance.topic, self.instance.topic)]
        self.fields["topic"].choices = known
        main = self._main_language()
        self.fields["answer"].widget = AnswerInput(main)
        questions: dict[str, list[str]] = {}
        for question in self.instance.questions.all():
            questions.setdefault(question.language, []).append(question.text)
        for language in by_language(dict.fromkeys([*settings.GUIDANCE_LANGUAGES, *questions])):
            lines = questions.get(language, [])
            self.fields[PREFIX + language] = forms.CharField(
                label=language_name(language),
                required=False,
                widget=forms.Textarea(attrs={"rows": min(24, len(lines) + 2), "dir": "auto", "lang": language}),
            )
            self.initial[PREFIX + language] = "\n".join(lines)
        if self.for_user is not None:
            self._open_what_is_theirs()

    def _main_language(self) -> str:
        languages = self.instance.administration.languages if self.instance.administration_id else []
        return "en" if "en" in languages or not languages else languages[0]

    def _open_what_is_theirs(self) -> None:
        user, main = self.for_user, self._main_language()
        author = user.is_superuser or is_in(user, "author")
        for name, field in self.fields.items():
            language = name.removeprefix(PREFIX) if name.startswith(PREFIX) else main
            if not author and not name.startswith(PREFIX) or not may_write_in(user, language):
                field.disabled = True
        for relation in ("entry_sources", "related_entries"):
            if relation in self.formsets and not (author and may_write_in(user, main)):
                _close(self.formsets[relation].forms)
        if "translations" in self.formsets:
            formset = self.formsets["translations"]
            _close([form for form in formset.forms if form.instance.language and not may_write_in(user, form.instance.language)])
            for form in formset.forms:
                if not form.fields["language"].disabled:
                    offered = [(code, name) for code, name in form.fields["language"].choices if may_write_in(user, code)]
                    form.fields["language"].choices = offered

    def clean_answer(self) -> str:
        return _kept(self.cleaned_data["answer"], self.instance.answer)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        figures = set(figures_in(data.get("answer") or ""))
        known = set(Figure.objects.filter(key__in=figures).values_list("key", flat=True))
        for figure in sorted(figures - known):
            self.add_error("answer", _("There is no figure “%(figure)s”: choose one with the button.") % {"figure": figure})
        if data.get("only_from") and data.get("not_from"):
            self.add_error("not_from", _("Fill in one of the two, not both."))
        return data

    def is_valid(self) -> bool:
        return super().is_valid() and self._languages_once() and self._sources_of_its_own()

    def _sources_of_its_own(self) -> bool:
        """A pack holds its own sources: an answer on another administration's could never be published."""
        administration = self.cleaned_data.get("administration") or (self.instance.administration if self.instance.administration_id else None)
        for form in self.formsets["entry_sources"].forms if "entry_sources" in self.formsets else ():
            data = getattr(form, "cleaned_data", {})
            source = data.get("source")
            if administration and source and not data.get("DELETE") and source.administration_id != administration.pk:
                told = {"source": source, "other": source.administration, "administration": administration}
                form.add_error("source", _("“%(source)s” belongs to %(other)s. Choose a source of %(administration)s.") % told)
                return False
        return True

    def _languages_once(self) -> bool:
        seen: set[str] = set()
        for form in self.formsets["translations"].forms if "translations" in self.formsets else ():
            data = getattr(form, "cleaned_data", {})
            if not data or data.get("DELETE") or not data.get("language"):
                continue
            if data["language"] in seen:
                form.add_error("language", _("This language stands there twice."))
                return False
            seen.add(data["language"])
        return True

    def save(self, commit: bool = True) -> Entry:
        self._keep_questions()
        self._stamp_translations()
        return super().save(commit)

    def _keep_questions(self) -> None:
        if not any(name.startswith(PREFIX) for name in self.changed_data):
            return
        known = {(question.language, question.text): question for question in self.instance.questions.all()}
        kept = []
        for name in self.fields:
            if name.startswith(PREFIX):
                language = name.removeprefix(PREFIX)
                lines = dict.fromkeys(line.strip() for line in (self.cleaned_data.get(name) or "").splitlines())
                for text in filter(None, lines):
                    question = known.get((language, text)) or Question(language=language, text=text)
                    question.sort_order = len(kept)
                    kept.append(question)
        self.instance.questions = kept

    def _stamp_translations(self) -> None:
        """A translation that was written or confirmed now was made from the original as it stands now."""
        if "translations" not in self.formsets:
            return
        for form in self.formsets["translations"].forms:
            if not getattr(form, "cleaned_data", None) or form.cleaned_data.get("DELETE"):
                continue
            # Not `changed_data`: a browser sends an answer without the line break at its end, and nobody has written anything then.
            rewritten = any(_words(form.cleaned_data.get(name)) != _words(form.initial.get(name)) for name in ("title", "answer"))
            if rewritten or form.cleaned_data.get("fits"):
                form.instance.answer = _kept(form.instance.answer, form.initial.get("answer") or "")
                form.instance.of = self.instance.fingerprint


def _words(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def _kept(answer: str, before: str) -> str:
    """An answer as packs have it: one line break at the end, unless only white space at the ends changed."""
    answer = answer.replace("\r\n", "\n")
    return before if answer.strip() == (before or "").strip() else answer.strip() + "\n"


def _close(forms_: Any) -> None:
    for form in forms_:
        for name, field in form.fields.items():
            field.disabled = name != "id"  # the row's number must be sent, or the row cannot be told from a new one

