"""What is refused, as tests ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.errors import ConvoiError, ScenarioError
from sim.scenario.problem import Problem


def refusal(call: Callable[..., object], *given: Any, error: type[ConvoiError] = ScenarioError, **how: Any) -> Any:
    """Make a call that must be refused; return the error."""
    with pytest.raises(error) as caught:
        call(*given, **how)
    return caught.value


def problems(call: Callable[..., object], *given: Any, **how: Any) -> list[Problem]:
    """Make a call that must be refused; return the problems, each of which has a place."""
    faults = refusal(call, *given, **how).problems
    assert all(isinstance(problem, Problem) for problem in faults)
    return list(faults)
