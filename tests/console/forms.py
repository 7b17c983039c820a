"""What a browser would send from an editor that it was shown."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client


def form_of(client: Client, url: str) -> dict[str, Any]:
    """The fields of the editor at `url` as they stand. Fails when the page is not shown."""
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    form = BeautifulSoup(response.content, "html.parser").select_one(
        "form[data-edit-form], form#w-editor-form, form[action$='/'][novalidate]"
    )
    assert form is not None, url
    data: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = field["name"], field.get("type", "")
        if field.has_attr("disabled") or kind in ("submit", "button", "file"):
            continue
        if field.name == "textarea":
            data[name] = field.text.removeprefix("\n")
        elif field.name == "select":
            chosen = field.select("option[selected]") or field.select("option")[:1]
            data[name] = chosen[0]["value"] if chosen else ""
        elif kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                data[name] = field.get("value", "on")
        else:
            data[name] = field.get("value", "")
    return data
