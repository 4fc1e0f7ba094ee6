"""Faults on their way through pydantic."""

from __future__ import annotations

from typing import TypeVar

from pydantic_core import PydanticCustomError

from sim.scenario.problem import Fault

T = TypeVar("T")
KIND = "convoi"


def checked(read: T | list[Fault]) -> T:
    """Return what was read, or raise its faults as an error that pydantic collects."""
    if isinstance(read, list):
        message = " / ".join(str(fault) for fault in read).replace("{", "(").replace("}", ")")
        raise PydanticCustomError(KIND, message, {"faults": tuple(read)})
    return read
