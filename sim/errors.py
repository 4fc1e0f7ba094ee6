"""What Convoi raises: one base class, one class per room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any


class ConvoiError(Exception):
    """Something that Convoi refuses, in words for the person who asked for it.

    Parameters
    ----------
    message
        The value received, the rule, the place and, where there is one, the nearest known name.
    **about
        The objects that the message is about; each becomes an attribute of the error.

    Examples
    --------
    >>> raise ViewError("no town 'Bamaco' in the run; the nearest is 'Bamako'", town="Bamaco", nearest="Bamako")
    Traceback (most recent call last):
    sim.errors.ViewError: no town 'Bamaco' in the run; the nearest is 'Bamako'
    """

    def __init__(self, message: str = "", **about: object) -> None:
        super().__init__(message)
        self.__dict__.update(about)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


class EvidenceError(ConvoiError):
    """A row of the evidence breaks a rule, or an id names no row."""


class ScenarioError(ConvoiError):
    """A scenario cannot be used.

    Parameters
    ----------
    problems
        All that is wrong, each an object whose text is one line of the message; a single text is one problem.
    **about
        As in `ConvoiError`.
    """

    def __init__(self, problems: Iterable[object] | str = (), **about: object) -> None:
        self.problems: tuple[object, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems), **about)

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[object, ...]], dict[str, object]]:
        return type(self), (self.problems,), self.__dict__


class IntakeError(ConvoiError):
    """Other people's data cannot be read, or holds nothing that a scenario could use."""


class PlanError(ConvoiError):
    """A scenario cannot be turned into numbers."""


class WorldError(ConvoiError):
    """A random draw was asked for that cannot be keyed, or an intensity lies above its ceiling."""


class ModelError(ConvoiError):
    """A run broke a rule of the model, such as conservation of fuel."""


class FastError(ConvoiError):
    """The compiled engine cannot do what is asked; SimPy can."""


class RoomError(ModelError):
    """A replication needs more memory than there is."""


class StoppedError(ConvoiError):
    """A replication was told to stop before its end."""


class ResultsError(ConvoiError):
    """Results cannot be read, written or joined, or hold no such thing."""


class StudyError(ConvoiError):
    """A study cannot be made as asked."""


class RequestError(StudyError):
    """A study was asked for in a way that cannot be understood."""


class ViewError(ConvoiError):
    """A figure, map or report cannot be drawn as asked."""
