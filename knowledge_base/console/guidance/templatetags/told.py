"""`{{ fault.remedy|told }}`: what the checker and the exchange say, in the language of whoever is signed in."""

from __future__ import annotations

from django import template

from knowledge_base.console.guidance.telling import told, told_key

register = template.Library()
register.filter("told", told)
register.filter("told_key", told_key)
