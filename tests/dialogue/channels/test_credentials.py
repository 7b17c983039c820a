"""credentials.yml: as shipped the REST channel alone; with the examples switched on, both connectors."""

import pytest
from rasa.core.run import create_http_input_channels

from customs.settings import ROOT
from dialogue.channels.facebook import FacebookChannel
from dialogue.channels.twilio import WhatsAppChannel
from dialogue.rest import RestChannel
from dialogue.serve import NotReadyError, serve

SHIPPED = ROOT / "credentials.yml"


def test_as_shipped_nobody_from_outside_is_listened_to():
    assert [type(one) for one in create_http_input_channels(None, str(SHIPPED))] == [RestChannel]


def test_the_examples_work_when_they_are_switched_on(tmp_path, monkeypatch):
    lines = SHIPPED.read_text().splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("#dialogue."))
    path = tmp_path / "credentials.yml"
    path.write_text("\n".join([*lines[:begin], *(line.removeprefix("#") for line in lines[begin:])]))
    names = ("FACEBOOK_VERIFY", "FACEBOOK_SECRET", "FACEBOOK_PAGE_TOKEN", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
    for name in names:
        monkeypatch.setenv(name, f"value of {name}")
    _, facebook, twilio = create_http_input_channels(None, str(path))
    assert isinstance(facebook, FacebookChannel) and facebook.fb_secret == "value of FACEBOOK_SECRET"
    assert isinstance(twilio, WhatsAppChannel) and twilio.auth_token == "value of TWILIO_AUTH_TOKEN"
    assert facebook.metadata()["administration"] == "ae" and facebook.metadata()["language"] == "ar"


def test_a_file_that_is_not_there_is_named(tmp_path, model, monkeypatch):
    monkeypatch.setenv("CUSTOMS_VAR_DIR", str(tmp_path))
    with pytest.raises(NotReadyError, match="nowhere.yml"):
        serve("127.0.0.1", 1, model, False, tmp_path / "nowhere.yml")
