"""The errors of the knowledge base.

KnowledgeError <- PackError       a pack cannot be read or has faults
               <- ReleaseError    a release is missing, damaged, or made for another encoder
               <- EncoderError    the encoder cannot be made or loaded
"""

from __future__ import annotations


class KnowledgeError(Exception):
    """Something is wrong with the guidance or its index; the message says what and how to mend it."""


class PackError(KnowledgeError):
    """A pack cannot be read."""


class ReleaseError(KnowledgeError):
    """A release is missing, damaged or does not fit the encoder."""
