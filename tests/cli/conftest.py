import pytest


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Give each test a working folder of its own."""
    monkeypatch.chdir(tmp_path)
