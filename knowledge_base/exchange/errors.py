"""The errors of the exchange. Each message names the thing, the value and the way out.

KnowledgeError <- PackError <- ExchangeError <- ValueRefused      a value that cannot be read in only one way
                                             <- ChangeRefused     a change of a figure that cannot be made
                                             <- TableRefused      a spreadsheet that cannot be read at all
                                             <- DocumentRefused   a document that cannot be split into passages
"""

from __future__ import annotations

from knowledge_base.errors import PackError


class ExchangeError(PackError):
    """Something that staff brought in cannot be used as it is."""


class ValueRefused(ExchangeError):
    """The text is no value of the figure, or could be two different ones."""


class ChangeRefused(ExchangeError):
    """The change does not fit the figure, its periods or its pack."""


class TableRefused(ExchangeError):
    """The file is no spreadsheet that can be read."""


class DocumentRefused(ExchangeError):
    """The file is no document that can be split."""
