"""What is said in another language: catalogues, plural forms, how numbers are written."""

from __future__ import annotations

import pytest

import sim
from sim.errors import RequestError
from sim.language import language, points, say, say_counted


def replications(count: float) -> str:
    return say_counted("{count} replication", "{count} replications", count, count=points(f"{count:,}"))


def test_plural_forms_and_numbers_are_those_of_the_language():
    assert [replications(count) for count in (0, 1, 1.5, 1234)] == [
        "0 replications", "1 replication", "1.5 replications", "1,234 replications",
    ]  # fmt: skip
    with sim.speaking("fr"):
        assert [replications(count) for count in (0, 1, 1.5, 1234)] == [
            "0 réplication", "1 réplication", "1,5 réplication", "1\u202f234 réplications",
        ]  # fmt: skip
    assert language() == "en"


def test_what_has_no_translation_stays_and_values_are_not_read_again():
    with sim.speaking("fr"):
        assert say("no such sentence of {name}", name="{x}") == "no such sentence of {x}"


def test_an_unknown_language_is_refused():
    with pytest.raises(RequestError, match="no language 'xx'; expected one of en, fr"), sim.speaking("xx"):
        pass
    assert language() == "en"
