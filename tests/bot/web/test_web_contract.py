"""The running chat is what docs/openapi.yml says, whatever is sent to it."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from ruamel.yaml import YAML

from bot.web.app import create_app
from bot.web.options import Options
from customs.settings import ROOT, Settings
from tests.bot.fake_rasa import serving
from tests.bot.web.conftest import NAMES


@pytest.fixture(scope="module")
def chat(served_rasa, tmp_path_factory):
    served_rasa.reset()
    environ = {"CUSTOMS_RASA_URL": served_rasa.url, "CUSTOMS_VAR_DIR": str(tmp_path_factory.mktemp("var"))}
    unlimited = Options(rate_conversation="1000000/second", rate_address="1000000/second")
    with serving(create_app(Settings(environ), names=lambda: NAMES, options=unlimited)) as address:
        yield address


schema = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.yml")


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_its_description(case, chat):
    case.call_and_validate(base_url=chat)


def test_the_served_description_is_this_one(chat):
    served = httpx.get(f"{chat}/api/v1/openapi.json").json()
    assert served == YAML(typ="safe").load((ROOT / "docs" / "openapi.yml").read_text(encoding="utf-8"))
