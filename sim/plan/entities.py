"""Stable 32-bit names of things, so that no draw depends on a position in a list."""

from __future__ import annotations

from hashlib import blake2b

from sim.errors import PlanError


def entity(kind: str, name: str) -> int:
    """Return the stable 32-bit hash of a thing's kind and name."""
    digest = blake2b(f"{kind}\x1f{name}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "little")


class Entities:
    """Hashes names and refuses two that collide.

    Raises
    ------
    PlanError
        If two different things have the same hash.
    """

    def __init__(self) -> None:
        self._seen: dict[int, tuple[str, str]] = {}

    def __call__(self, kind: str, name: str) -> int:
        """Return the hash of a thing, remembering it."""
        value = entity(kind, name)
        other = self._seen.setdefault(value, (kind, name))
        if other != (kind, name):
            raise PlanError(
                f"{kind} {name!r} and {other[0]} {other[1]!r} have the same 32-bit hash; rename one of them"
            )
        return value
