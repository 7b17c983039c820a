"""What can be switched off, as people call it: "Alcohol (United Kingdom)" for `topic:gb/alcohol`."""

from __future__ import annotations

from knowledge_base.console.guidance.models import Administration, Entry
from knowledge_base.console.guidance.topic_names import topic_name
from knowledge_base.console.guidance.topics import administration_called
from knowledge_base.console.publishing.forms import CHANNELS


def target_name(target: str) -> str:
    """The name of a target of `knowledge_base.switches`; what the console does not know is told as it stands there."""
    kind, _colon, name = target.partition(":")
    if kind == "entry":
        entry = Entry.objects.filter(key=name).first()
        return f"{entry} ({name})" if entry else name
    if kind == "topic":
        administration, _slash, topic = name.partition("/")
        return f"{topic_name(topic)} ({_administration(administration)})"
    if kind == "administration":
        return _administration(name)
    return str(CHANNELS.get(name, name))


def _administration(key: str) -> str:
    found = Administration.objects.filter(key=key).first()
    return administration_called(found) if found else key
