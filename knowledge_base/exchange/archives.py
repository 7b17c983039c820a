"""XLSX and DOCX are zip archives: what they say of their size is looked at before anything is unpacked, and unpacking is measured."""

from __future__ import annotations

import io
import zipfile
import zlib

from knowledge_base.exchange.errors import ExchangeError
from knowledge_base.said import Said

MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 200  # text packs 20-fold, a bomb 1,000-fold
MOST_MEMBERS = 5_000
_CHUNK = 1024 * 1024


def refuse_bomb(data: bytes, name: str, refusal: type[ExchangeError]) -> list[str]:
    """The names in the archive `data`. Raises `refusal` for one that is damaged, encrypted, holds macros, or unpacks to far too much.

    Every member is unpacked once and counted: sizes in an archive are its maker's word.
    """
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise refusal(
                    Said(
                        "{name} holds {count} files; at most {most} are read.",
                        name=name,
                        count=len(members),
                        most=MOST_MEMBERS,
                    )
                )
            most = min(MOST_UNPACKED, max(len(data) * MOST_RATIO, 10 * _CHUNK))
            for member in members:
                if member.flag_bits & 1:
                    raise refusal(Said("{name} is encrypted; save it without a password.", name=name))
                last = b""
                with archive.open(member) as stream:
                    while chunk := stream.read(_CHUNK):
                        if _declares_entities(last + chunk):
                            raise refusal(
                                Said(
                                    "{name} holds a document type in {file}, as no office program writes; it is not read.",
                                    name=name,
                                    file=member.filename,
                                )
                            )
                        last = chunk[-32:]
                        total += len(chunk)
                        if total > most:
                            raise refusal(
                                Said(
                                    "{name} unpacks to more than {most} MB, far more than its size; it is not read.",
                                    name=name,
                                    most=most // _CHUNK,
                                )
                            )
            names = [member.filename for member in members]
            if any(each.lower().endswith("vbaproject.bin") for each in names):
                # Never run, and not kept either; but who sends a table with programs in it sent something else than a table.
                raise refusal(Said("{name} holds macros; save it without them, as XLSX or DOCX.", name=name))
            return names
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        zlib.error,
    ) as error:
        raise refusal(
            Said("{name} is damaged ({kind}); save it from its program again.", name=name, kind=type(error).__name__)
        ) from None


def _declares_entities(text: bytes) -> bool:
    """Does a part of an office document begin a document type? Entities declared in one can unpack to anything."""
    return b"<!DOCTYPE" in text or b"<!DOCTYPE" in text.replace(b"\0", b"")
