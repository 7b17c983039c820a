"""Every switch of the service in one table, read from the environment.

A setting is an environment variable `CUSTOMS_<NAME>`; a name that is not in the table stops the start, so that a slip of the
pen does not pass in silence. `TELEGRAM_BOT_TOKEN` keeps its usual name.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "CUSTOMS_"


class SettingError(Exception):
    """A setting has an unknown name or a value that cannot be used; the message names it and the way out."""


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("expected 1 or 0")


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _path(text: str) -> Path:
    path = Path(text).expanduser()
    return path if path.is_absolute() else ROOT / path


@dataclass(frozen=True)
class Setting:
    """One switch: its name, how it is read, its default as text, and a sentence for the operator."""

    name: str
    read: Callable[[str], Any]
    default: str
    help: str


TABLE: tuple[Setting, ...] = (
    Setting("rasa_url", str, "http://127.0.0.1:5005", "Where the dialogue engine listens."),
    Setting("actions_url", str, "http://127.0.0.1:5055", "Where the action server listens."),
    Setting("chat_host", str, "0.0.0.0", "Address on which the chat page and API listen."),
    Setting("chat_port", int, "8000", "Port of the chat page and API."),
    Setting("public_url", str, "", "The chat's own address as its users see it; needed for the Telegram webhook."),
    Setting("var_dir", _path, "var", "Folder for what is written at run time: releases, conversations, caches, logs."),
    Setting("models_dir", _path, "models", "Folder of the trained Rasa models and the converted encoder."),
    Setting("content_dir", _path, "knowledge_base/content", "Folder of the packs that a release is built from."),
    Setting("administrations", _names, "ae,us,gb,eu", "The packs that are served, separated by commas."),
    Setting("default_administration", str, "", "The administration of an asker who names none; empty: ask."),
    Setting("languages", _names, "ar,en,es,fr,hi,ru,ur,zh", "Languages that are recognised and offered."),
    Setting("default_language", str, "en", "Language when nothing tells another."),
    Setting("encoder", str, "builtin:e5-small", "builtin:e5-small, a folder, or a model's hub name."),
    Setting("encoder_backend", str, "onnx-int8", "onnx-int8 (8-bit weights, quickest), onnx (32-bit floats) or torch."),
    Setting("encoder_threads", int, "1", "Threads for encoding one question."),
    Setting("action_deadline_s", float, "5", "Seconds after which an action gives up and says so."),
    Setting("turn_deadline_s", float, "15", "Seconds after which a channel gives up waiting for Rasa and says so."),
    Setting("release_poll_s", float, "0.25", "How often the action server looks for a new release."),
    Setting("releases_kept", int, "5", "How many of the newest releases are kept to go back to."),
    Setting("releases_kept_days", int, "30", "Whichever release was published and served within so many days is kept too."),
    Setting("live_tariffs", _flag, "0", "Ask the tariffs of the UK and the US over the network for today's duty rates; 0: the shipped ones."),
    Setting("live_tariffs_timeout_s", float, "3", "Seconds to wait for such a tariff before the shipped rate is used."),
    Setting("max_question_chars", int, "1000", "Longer questions are cut, and the asker is told."),
    Setting("session_secret", str, "", "Key that signs conversation cookies; empty: one is made and kept in var_dir."),
    Setting("secure_cookies", _flag, "0", "Send cookies over HTTPS only; set to 1 behind TLS."),
    Setting("allowed_origins", _names, "", "Other web sites whose pages may call the chat API or frame the chat."),
    Setting("rate_conversation", str, "30/minute", "Most messages of one conversation, as the library `limits` writes rates."),
    Setting("rate_address", str, "1200/minute", "Most messages from one network address; many people may share one."),
    Setting("rate_storage", str, "memory://", "Where message rates are counted: memory://, or for replicas redis://host:6379."),
    Setting("transcript_days", int, "30", "Days after which a web conversation is deleted."),
    Setting("conversation_days", float, "30", "Days without a message after which the dialogue engine deletes a conversation."),
    Setting("feedback_days", float, "365", "Days after which a rating is deleted."),
    Setting("keep_questions", _flag, "1", "Keep what is asked, without names and numbers of people, for staff to read; 0: nothing is kept."),
    Setting("asked_days", float, "90", "Days after which what is kept for staff is deleted."),
    Setting("asked_database_url", str, "", "postgresql://… for what is kept for staff, needed where several machines answer; empty: asked.db in var_dir."),
    Setting("telegram_mode", str, "polling", "polling (one process, a laptop) or webhook (under the chat app)."),
    Setting("telegram_api_url", str, "https://api.telegram.org/bot", "Address of the Bot API."),
    Setting("telegram_storage", str, "", "Where Telegram's channel remembers: empty: telegram.db in var_dir; for replicas redis://host:6379."),
    Setting("telegram_webhook_secret", str, "", "Secret that Telegram sends with each update; required for webhook."),
    Setting("console_host", str, "127.0.0.1", "Address on which the staff console listens."),
    Setting("console_port", int, "8001", "Port of the staff console."),
    Setting("console_url", str, "", "The console's own address as staff see it, such as https://console.example.org."),
    Setting("console_hosts", _names, "", "Host names under which the console is reached, beside this machine's own."),
    Setting("console_database_url", str, "", "postgresql://… for the console's data; empty: a file of SQLite in var_dir."),
    Setting("console_secret", str, "", "Key that signs the console's sessions; empty: one is made and kept in var_dir."),
    Setting("console_session_minutes", int, "60", "Minutes without a request after which staff must sign in again."),
    Setting("console_second_factor", _flag, "0", "1: everybody on the staff must set up an app that shows one-time codes."),
    Setting("console_one_time_password_days", int, "14", "Days within which a one-time password must be used."),
    Setting("console_address_failures", int, "100", "Wrong passwords within a quarter of an hour after which an address must wait, whatever names it tried."),
    Setting("console_workers", int, "1", "Processes that serve the console, four threads each."),
    Setting("log_level", str, "INFO", "DEBUG, INFO, WARNING or ERROR."),
)

# Read by the set-up or inside Rasa (dialogue/), not by this table.
OTHER_VARIABLES = frozenset(
    {"CUSTOMS_PYTHON310", "CUSTOMS_PYTHON311", "CUSTOMS_RASA_PATCHES", "CUSTOMS_TRACKER_STORE", "CUSTOMS_TRACKER_URL"}
)


class Settings:
    """The settings as attributes, checked once at the start.

    Raises `SettingError` for an unknown `CUSTOMS_` variable or a value that cannot be read.
    """

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        known = {PREFIX + setting.name.upper(): setting for setting in TABLE}
        for variable in environ:
            if variable.startswith(PREFIX) and variable not in known and variable not in OTHER_VARIABLES:
                near = difflib.get_close_matches(variable, known, 1)
                hint = f" Did you mean {near[0]}?" if near else " docs/operations.md lists them all."
                raise SettingError(f"There is no setting {variable}.{hint}")
        for variable, setting in known.items():
            text = environ.get(variable, setting.default)
            try:
                setattr(self, setting.name, setting.read(text))
            except ValueError as error:
                raise SettingError(
                    f"{variable} is {text!r}: {error}. {setting.help} Default: {setting.default!r}."
                ) from None
        self.telegram_token = environ.get("TELEGRAM_BOT_TOKEN", "").strip()

    def __getattr__(self, name: str) -> Any:  # only reached for a name that __init__ did not set
        raise AttributeError(f"There is no setting {name!r}; customs/settings.py lists them.")
