"""Where compiled code is kept, when it is made anew, and what becomes of it if it cannot be kept or is broken."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sim.errors import FastError
from sim.fast import cache

ROOT = Path(__file__).resolve().parents[2]
SMALL = """
import resource, signal, sys
from sim.fast import prepared
prepared.SIGNATURES[:] = prepared.SIGNATURES[-1:]  # the quickest to compile
if sys.argv[1:]:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
prepared.prepare()
one, = prepared.SIGNATURES
stats = one[0].stats
print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()), len(one[0].overloads), prepared.is_compiled())
"""
"""Makes one function ready; with a word, no file may grow beyond 5 kB, as on a full disk."""
COMPILED, LOADED = "compiled", "loaded"


def begun(folder, *words):
    there = {**os.environ, "PYTHONPATH": str(ROOT), "CONVOI_CACHE": str(folder), "NUMBA_DISABLE_JIT": "0"}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", SMALL, *words], env=there, stdout=pipe, stderr=pipe, text=True)


def ended(process):
    out, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (0, "")
    hits, misses, ready, kept = out.split()
    assert ready == "1"
    return (LOADED if int(hits) and not int(misses) else COMPILED), kept == "True"


def test_two_that_compile_at_once_leave_code_that_a_third_loads(tmp_path):
    two = [begun(tmp_path) for _ in range(2)]
    for process in two:
        assert ended(process)[1]
    assert ended(begun(tmp_path)) == (LOADED, True)
    assert sorted(path.suffix for path in tmp_path.rglob("*.*")) == [".nbc", ".nbi"], "nothing is left in part"


def test_code_that_is_broken_on_disk_is_made_anew(tmp_path):
    assert ended(begun(tmp_path)) == (COMPILED, True)
    for kind, keep in (("nbc", 1000), ("nbi", 0)):
        (path,) = tmp_path.rglob(f"*.{kind}")
        os.truncate(path, keep)
        assert ended(begun(tmp_path)) == (COMPILED, True)
    assert ended(begun(tmp_path)) == (LOADED, True)


def test_on_a_full_disk_it_works_and_nothing_is_kept(tmp_path):
    assert ended(begun(tmp_path, "full")) == (COMPILED, False)
    assert not [*tmp_path.rglob("*.*")]


def name():
    return cache.folder.__wrapped__().name


def test_another_source_another_file_time_or_another_place_is_another_folder(tmp_path, monkeypatch):
    before = name()
    for part in cache.SOURCES:
        whole, copy = cache.HOME / part, tmp_path / "sim" / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if whole.is_dir() else shutil.copy2)(whole, copy)
    monkeypatch.setattr(cache, "HOME", tmp_path / "sim")
    names = [before, name()]
    for part in ("rules/retail.py", "fast/town.py", "world/laws.py", "plan/sections.py", "record.py"):
        path = cache.HOME / part
        path.write_text(path.read_text() + "\n")
        names.append(name())
    os.utime(cache.HOME / "fast" / "country.py", (1, 1))
    names.append(name())
    assert len(set(names)) == len(names)
    assert name() == names[-1]


@pytest.mark.parametrize("variable", ["CONVOI_CACHE", "XDG_CACHE_HOME", "HOME"])
def test_a_folder_that_cannot_be_written_is_passed_over(variable, tmp_path, monkeypatch):
    for one in ("CONVOI_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(one, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv(variable, "/proc/none")
    found = cache.folder.__wrapped__()
    assert found.parent == tmp_path / f"convoi-{os.getuid()}"
    assert found.parent.stat().st_mode & 0o777 == 0o700
    monkeypatch.setattr(tempfile, "tempdir", "/proc/none")
    with pytest.raises(FastError, match=r"cannot be kept in /proc/none.*use --engine simpy"):
        cache.folder.__wrapped__()


def test_code_that_others_may_have_put_into_the_temporary_folder_is_not_run(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVOI_CACHE", "/proc/none")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    other = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: other)
    (tmp_path / f"convoi-{other}").mkdir()
    with pytest.raises(FastError):
        cache.folder.__wrapped__()
