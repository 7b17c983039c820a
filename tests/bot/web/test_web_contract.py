"""The running chat is what docs/openapi.yml says, whatever is sent to it."""

from __future__ import annotations

import re

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from schemathesis.checks import not_a_server_error

from bot.turn import MAX_PAYLOAD_CHARS, PayloadError, check_payload
from bot.web.api import load_openapi, payload_pattern
from bot.web.app import create_app
from bot.web.options import Options
from customs.settings import ROOT, Settings
from tests.bot.fake_rasa import serving
from tests.bot.web.conftest import NAMES
from tests.bot.web.sums import served_sums  # noqa: F401 - a fixture


@pytest.fixture(scope="module")
def chat(served_rasa, served_sums, tmp_path_factory):  # noqa: F811 - the fixture
    served_rasa.reset()
    environ = {"CUSTOMS_RASA_URL": served_rasa.url, "CUSTOMS_VAR_DIR": str(tmp_path_factory.mktemp("var"))}
    environ["CUSTOMS_ACTIONS_URL"] = served_sums
    unlimited = Options(rate_conversation="1000000/second", rate_address="1000000/second")
    with serving(create_app(Settings(environ), names=lambda: NAMES, options=unlimited)) as address:
        yield address


# What a basket and a consignment may hold is judged by the rules, more finely than a schema says it.
SUMS = r"^/api/v1/(allowance|duty)$"
schema = schemathesis.openapi.from_dict(load_openapi(Settings({}))).exclude(path_regex=SUMS)
sums = schemathesis.openapi.from_dict(load_openapi(Settings({}))).include(path_regex=SUMS)


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_its_description(case, chat):
    case.call_and_validate(base_url=chat)


@sums.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_sum_breaks_the_server(case, chat):
    case.call_and_validate(base_url=chat, checks=[not_a_server_error])


def test_the_served_description_is_that_of_the_documents(chat):
    served = httpx.get(f"{chat}/api/v1/openapi.json").json()
    pattern = served["components"]["schemas"]["Message"]["properties"]["payload"].pop("pattern")
    assert served == YAML(typ="safe").load((ROOT / "docs" / "openapi.yml").read_text(encoding="utf-8"))
    assert pattern == payload_pattern()


@pytest.mark.parametrize("payload", ["/help", "/start", '/start{"entry":"ae.alcohol"}', '/give_feedback{"rating":"up"}',
                                     '/give_feedback{"rating":"down","reason":"wrong"}'])  # fmt: skip
def test_payloads_of_buttons_fit_the_pattern(payload):
    assert re.search(payload_pattern(), check_payload(payload))


@settings(max_examples=200, deadline=None)
@given(payload=st.from_regex(re.compile(payload_pattern()), fullmatch=True))
def test_what_fits_the_pattern_is_a_payload(payload):
    if len(payload := payload.rstrip("\n")) <= MAX_PAYLOAD_CHARS:
        assert check_payload(payload) == payload


@pytest.mark.parametrize(
    "payload", ["/evil", "help", "/help{}x", '/choose_entry{"entry":"a b"}', '/give_feedback{"rating":"best"}']
)
def test_other_texts_do_not_fit_the_pattern(payload):
    assert not re.search(payload_pattern(), payload)
    with pytest.raises(PayloadError):
        check_payload(payload)
