"""What the models of a pack object to, as sentences that can be said in other languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge_base.said import Said

# The library's own English by the type of its error: every type that a pack can bring about (tests/knowledge_base/test_said.py tries them).
OBJECTIONS: dict[str, str] = {
    "missing": "Field required",
    "extra_forbidden": "Extra inputs are not permitted",
    "string_type": "Input should be a valid string",
    "string_too_short": "String should have at least {min_length} character{expected_plural}",
    "string_pattern_mismatch": "String should match pattern '{pattern}'",
    "literal_error": "Input should be {expected}",
    "list_type": "Input should be a valid list",
    "tuple_type": "Input should be a valid tuple",
    "dict_type": "Input should be a valid dictionary",
    "model_type": "Input should be a valid dictionary or instance of {class_name}",
    "too_short": "{field_type} should have at least {min_length} item{expected_plural} after validation, not {actual_length}",
    "bool_type": "Input should be a valid boolean",
    "bool_parsing": "Input should be a valid boolean, unable to interpret input",
    "int_type": "Input should be a valid integer",
    "int_from_float": "Input should be a valid integer, got a number with a fractional part",
    "greater_than": "Input should be greater than {gt}",
    "greater_than_equal": "Input should be greater than or equal to {ge}",
    "date_type": "Input should be a valid date",
    "date_from_datetime_parsing": "Input should be a valid date or datetime, {error}",
    "date_from_datetime_inexact": "Datetimes provided to dates should have zero time - e.g. be exact dates",
    "decimal_type": "Decimal input should be an integer, float, string or Decimal object",
    "decimal_parsing": "Input should be a valid decimal",
    "url_type": "URL input should be a string or URL",
    "url_parsing": "Input should be a valid URL, {error}",
    "url_scheme": "URL scheme should be {expected_schemes}",
}


def objection(problem: Mapping[str, Any]) -> str:
    """One of `ValidationError.errors()` as a sentence with its full stop."""
    return Said("{objection}.", objection=_objection(problem))


def _objection(problem: Mapping[str, Any]) -> str:
    context = dict(problem.get("ctx", {}))
    if problem["type"] == "value_error":
        (said,) = context["error"].args
        return said
    if isinstance(context.get("expected"), str):
        context["expected"] = _choice(context["expected"])
    plural = "" if context.get("min_length") == 1 else "s"
    try:
        told = Said(OBJECTIONS[problem["type"]], **context, expected_plural=plural)
    except KeyError:
        return problem["msg"]
    return told if told == problem["msg"] else problem["msg"]


def _choice(expected: str) -> str:
    """`'high', 'medium' or 'low'` with its "or" as a word that can be translated."""
    some, found, last = expected.rpartition(" or ")
    return Said("{some} or {last}", some=some, last=last) if found else expected
