"""Workers of a dask.distributed cluster: whether they are there, and whether they would compute the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from sim.errors import RequestError, StudyError
from sim.rules.steps import total
from sim.study.packages import importing
from sim.study.sources import basis

if TYPE_CHECKING:
    from distributed import Client

J = TypeVar("J")
R = TypeVar("R")
EXAMPLE: Final = "tcp://127.0.0.1:8786"
SCHEMES: Final = ("tcp", "tls", "ws", "wss")
"""Protocols that a scheduler elsewhere may speak without further packages."""
ANSWER_TIME: Final = 10.0
"""Seconds within which a scheduler answers and has a worker."""
ALONE_TIME: Final = 60.0
"""Seconds after which a study without any worker is given up."""
ASK_EVERY: Final = 2.0
"""Seconds between looks at who is there."""


class Cluster:
    """A scheduler that answers and its workers; see `joined`."""

    def __init__(self, address: str, client: Client) -> None:
        self.client = client
        self._address = address
        self._cores = 0
        self._asked = self._seen = monotonic()

    def cores(self) -> int:
        """Return how many jobs the workers there are now do at a time.

        Raises
        ------
        StudyError
            If the scheduler is gone, or there has been no worker for a minute.
        """
        now = monotonic()
        if self.client.status == "running" and self._cores and now - self._asked < ASK_EVERY:
            return self._cores
        try:
            if self.client.status != "running":
                raise OSError("the connection is lost")
            self._cores = total(self.client.nthreads().values())
        except OSError as error:
            raise StudyError(f"the cluster at {self._address} is gone: {error}", address=self._address) from error
        self._asked = now
        if self._cores:
            self._seen = now
        elif now - self._seen > ALONE_TIME:
            raise StudyError(f"the cluster at {self._address} has had no workers for {ALONE_TIME:.0f} s")
        return self._cores


@contextmanager
def joined(address: str) -> Iterator[Cluster]:
    """Join a cluster whose workers compute the same as this process.

    Parameters
    ----------
    address
        Of the scheduler: ``tcp://host:port``.

    Raises
    ------
    StudyError
        If dask.distributed is not installed, nobody answers at the address, there are no workers, or one of them
        has other sources or versions.
    """
    with importing("distributed"):
        from distributed import Client
    _check(address)
    try:
        client = Client(address, timeout=ANSWER_TIME, set_as_default=False)
    except Exception as error:  # of any kind, from whatever speaks the protocol that the address names
        wanted = f"expected the address of one, such as {EXAMPLE}"
        message = f"no dask.distributed scheduler answers at {address!r}; {wanted}: {error}"
        raise StudyError(message, address=address) from error
    with closing(client):
        try:
            client.wait_for_workers(1, timeout=ANSWER_TIME)
        except TimeoutError as error:
            message = f"the cluster at {address} has no workers; start some: dask worker {address}"
            raise StudyError(message, address=address) from error
        for worker, theirs in _bases(client, address).items():
            _compare(worker, theirs)
        yield Cluster(address, client)


def do_if_same(here: dict[str, str], work: Callable[[J], R], job: J) -> R:
    """Do a job, on a worker that may have come after the others were asked.

    Raises
    ------
    StudyError
        If it would not compute the same.
    """
    from distributed import get_worker

    _compare(get_worker().address, basis(), here)
    return work(job)


def _bases(client: Client, address: str) -> dict[str, Any]:
    """Ask every worker what it computes with; one that is stopped would be waited for without end.

    Raises
    ------
    StudyError
        If one does not answer.
    """
    try:
        return dict(client.sync(client._run, basis, on_error="return", callback_timeout=ANSWER_TIME))
    except TimeoutError as error:
        seen = {worker: about["last_seen"] for worker, about in client.scheduler_info(n_workers=-1)["workers"].items()}
        silent = min(seen, key=seen.__getitem__, default="one of them")
        raise StudyError(
            f"not all workers of the cluster at {address} answer within {ANSWER_TIME:.0f} s; {silent} has been silent "
            "for longest: end it, or let it go on if it is stopped",
            address=address,
        ) from error


def _check(address: str) -> None:
    try:
        parts = urlsplit(address)
        whole = parts.scheme in SCHEMES and parts.hostname and parts.port
    except ValueError:
        whole = False
    if not whole:
        raise RequestError(f"{address!r} is not the address of a scheduler; expected such as {EXAMPLE}")


def _compare(worker: str, theirs: Any, ours: dict[str, str] | None = None) -> None:
    """Refuse a worker whose results might differ; `theirs` is an error if it could not tell."""
    ours = ours or basis()
    if isinstance(theirs, BaseException):
        raise StudyError(f"worker {worker} has no convoi, or another one: {theirs}", worker=worker)
    other = [f"{what} {theirs.get(what)} there, {ours[what]} here" for what in ours if theirs.get(what) != ours[what]]
    if other:
        raise StudyError(f"worker {worker} would not compute the same: {'; '.join(other)}", worker=worker)
