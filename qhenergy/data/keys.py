"""TOML files checked key by key: what pydantic finds, in our own sentences."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from qhenergy.ground.faults import Fault, InputError, listed, nearest


class Section(BaseModel):
    """A table of a TOML file: every key known, every value of its type, every number finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def _scalar(value: Any) -> bool | int | float | str:
    if isinstance(value, (bool, int, float, str)):
        return value
    raise refused("a number, a word, true or false", "Write one value.")


#: A single value; what it is for decides what it must be.
Scalar = Annotated[bool | int | float | str, PlainValidator(_scalar)]

S = TypeVar("S", bound=Section)


def refused(expected: str, remedy: str, found: str = "") -> PydanticCustomError:
    """The error for a validator to raise; `found` where the value itself does not show it."""
    context = {"expected": expected, "remedy": remedy, "found": found}
    return PydanticCustomError("refused", "{expected}", context)


def read_toml(path: Path) -> dict[str, Any]:
    """What a TOML file holds.

    Raises:
        InputError: the file cannot be read, or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        found = f"a byte that is not utf-8 (at position {error.start})"
        fault = Fault(path.name, found, "TOML", "Save the file as UTF-8.")
    except ValueError as error:  # of TOML, or a number of thousands of digits
        fault = Fault(path.name, str(error), "TOML", "Correct that line; words stand in double quotes.")
    except OSError as error:
        fault = Fault(path.name, str(error.strerror), "TOML", "See who may read the file.")
    raise InputError([fault], path.name)


def checked(model: type[S], content: dict[str, Any], file: str, quote: str = "") -> S:
    """The section that a file holds.

    Args:
        model: what it must be.
        content: what the file holds.
        file: its name.
        quote: what stands around a key where a fault is shown.

    Raises:
        InputError: with every fault of the file.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        # A list is too short as well where all that stands in it is at fault.
        details = error.errors()
        outer = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
        faults = [_fault(model, file, quote, detail) for detail in details if detail["loc"] not in outer]
    raise InputError(faults, file)


def _fault(model: type[Section], file: str, quote: str, detail: Any) -> Fault:
    location = detail["loc"]
    place = f"{file}, {quote}{'.'.join(map(str, location))}{quote}"
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    name = ".".join(map(str, location[:-1]))
    if kind == "extra_forbidden":
        known = _keys(model, location[:-1])
        word = str(location[-1])
        return Fault(place, "an unknown key", f"only {listed(known, 30)}", nearest(word, known) or "Delete the line.")
    if kind == "missing":
        remedy = f"Add a line `{location[-1]} = ...`" + (f" to {name}." if name else " at the top.")
        return Fault(place, "nothing", "a value: the key is required", remedy)
    if kind == "refused":
        return Fault(place, context["found"] or repr(value), context["expected"], context["remedy"])
    if kind == "literal_error":
        words = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        expected = f"one of {listed(map(repr, words))}"
        return Fault(place, repr(value), expected, nearest(str(value), words) or "Write one of these words.")
    if kind in ("model_type", "dict_type"):
        section = ".".join(map(str, location))
        return Fault(place, repr(value), f"a table [{section}]", f"Write a line [{section}], and its keys below.")
    expected, remedy = _SENTENCES.get(kind, (detail["msg"], "Correct the value."))
    return Fault(place, repr(value), expected.format(**context), remedy)


#: What is expected, and what to do, by the type of pydantic's error.
_SENTENCES = {
    "string_type": ("a word", "Write it in double quotes."),
    "int_type": ("an integer", "Write digits only, without quotes or a decimal point."),
    "float_type": ("a number", "Write digits only, without quotes."),
    "bool_type": ("true or false", "Write one of the two, without quotes."),
    "tuple_type": ("a list", "Write square brackets around the values."),
    "finite_number": ("a finite number", "Write a number, however large or small."),
    "greater_than": ("a number greater than {gt}", "Write a larger number."),
    "greater_than_equal": ("a number greater than or equal to {ge}", "Write a larger number."),
    "less_than_equal": ("a number less than or equal to {le}", "Write a smaller number."),
    "too_short": ("at least {min_length} of them", "Add one."),
}


def _keys(model: Any, location: tuple[Any, ...]) -> list[str]:
    """The keys that a place in the file may have."""
    for part in location:
        model = get_args(model)[0] if isinstance(part, int) else model.model_fields[part].annotation
    return list(model.model_fields)
