"""An answer and a figure: the rules of the approval are the same for both."""

from __future__ import annotations

import pytest

from knowledge_base.console.guidance.models import Administration, Entry, Figure, Guidance


@pytest.fixture(params=["entry", "figure"])
def item(request: pytest.FixtureRequest, meridia: Administration) -> Guidance:
    """The rules are the same for answers and figures."""
    if request.param == "entry":
        return Entry.objects.get(key="qm.alcohol.allowance")
    return Figure.objects.get(key="qm.alcohol.wine")
