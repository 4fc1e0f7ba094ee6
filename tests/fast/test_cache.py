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
from sim.fast.compiled import entry

ROOT = Path(__file__).resolve().parents[2]
SMALL = """
import resource, signal, sys
from sim.fast import prepared
prepared.SIGNATURES[:] = prepared.SIGNATURES[-1:]  # the quickest to compile
if sys.argv[1:]:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
prepared.prepare()
entry, = prepared.SIGNATURES
stats = entry[0].stats
print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()), len(entry[0].overloads), prepared.is_compiled())
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
    (path,) = tmp_path.rglob("*.nbc")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1  # might crash the process that runs it
    path.write_bytes(data)
    assert ended(begun(tmp_path)) == (COMPILED, True)
    assert path.read_bytes() != bytes(data)
    (path,) = tmp_path.rglob("*.nbi")
    os.truncate(path, 0)
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
    for part in ("rules/retail.py", "fast/town.py", "plan/laws.py", "plan/sections.py", "record.py"):
        path = cache.HOME / part
        path.write_text(path.read_text() + "\n")
        names.append(name())
    os.utime(cache.HOME / "fast" / "country.py", (1, 1))
    names.append(name())
    assert len(set(names)) == len(names)
    assert name() == names[-1]


@pytest.mark.parametrize("variable", ["CONVOI_CACHE", "XDG_CACHE_HOME", "HOME"])
def test_a_folder_that_cannot_be_written_is_passed_over(variable, tmp_path, monkeypatch):
    for other in ("CONVOI_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv(variable, "/proc/none")
    folder = cache.folder.__wrapped__()
    assert folder.parent == tmp_path / f"convoi-{os.getuid()}"
    assert folder.parent.stat().st_mode & 0o777 == 0o700
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


@pytest.fixture
def chosen(tmp_path, monkeypatch):
    """Return what says which folder is taken, of one asked for and one in the temporary folder."""
    asked = tmp_path / "asked"
    asked.mkdir(mode=0o700)
    monkeypatch.setenv("CONVOI_CACHE", str(asked))
    temporary = tmp_path / "temporary"
    temporary.mkdir(mode=0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def choose():
        folder = cache.folder.__wrapped__()
        return folder, (folder.parent == asked), list(cache.passed_over)

    return asked, choose


def test_a_folder_is_made_for_us_alone_whatever_the_umask(chosen):
    _, choose = chosen
    before = os.umask(0o002)
    try:
        folder, is_asked, _ = choose()
        (folder / "kept").mkdir()
        (folder / "kept" / "f.nbc").touch()
    finally:
        os.umask(before)
    assert is_asked
    assert folder.stat().st_mode & 0o777 == 0o700
    assert choose()[:2] == (folder, True), "what others cannot reach may have the modes of the umask"


@pytest.mark.parametrize(
    ("mode", "why"), [(0o770, "a group may write"), (0o777, "anybody may write"), (0o1777, None), (0o755, None)]
)
def test_a_folder_whose_parent_others_may_write_to_is_passed_over(chosen, mode, why, monkeypatch):
    asked, choose = chosen
    monkeypatch.setattr(cache, "_is_private", lambda group: False)
    asked.chmod(mode)
    folder, is_asked, passed_over = choose()
    assert is_asked == (why is None)
    assert [why in said for said in passed_over] == [True] * (why is not None)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_private_group_may_write_above(chosen, monkeypatch):
    asked, choose = chosen
    asked.chmod(0o770)
    monkeypatch.setattr(cache, "_is_private", lambda group: group == os.getgid())
    assert choose()[1]


@pytest.mark.parametrize("mode", [0o777, 0o775, 0o2770])
def test_a_folder_that_others_may_write_to_is_passed_over(chosen, mode):
    asked, choose = chosen
    (asked / name()).mkdir(exist_ok=True)
    (asked / name()).chmod(mode)
    assert not choose()[1]
    assert "others may write to" in choose()[2][0]


@pytest.mark.parametrize("whose", ["planted.nbc", "inner/planted.nbc"])
def test_a_folder_with_files_of_somebody_else_is_passed_over(chosen, whose):
    if os.getuid() != 0:
        pytest.skip("only root can give files away")
    _, choose = chosen
    folder, _, _ = choose()
    (folder / whose).parent.mkdir(exist_ok=True)
    (folder / whose).touch()
    os.chown(folder / whose, 12345, 12345)
    folder, is_asked, (said,) = choose()
    assert not is_asked
    assert said.endswith("planted.nbc is not yours)")


def test_links_and_open_files_are_not_trusted(chosen):
    _, choose = chosen
    folder, _, _ = choose()
    (folder / "link").symlink_to("/etc/passwd")
    assert "neither a file nor a folder" in choose()[2][0]
    (folder / "link").unlink()
    folder.chmod(0o755)
    (folder / "f.nbc").touch()
    (folder / "f.nbc").chmod(0o666)
    assert "others may write to" in choose()[2][0]


def test_where_none_of_the_usual_folders_can_be_trusted_one_of_this_process_is_made(chosen):
    asked, choose = chosen
    asked.chmod(0o777)
    other = Path(tempfile.gettempdir()) / f"convoi-{os.getuid()}"
    other.mkdir()
    other.chmod(0o777)
    folder, _, passed_over = choose()
    assert len(passed_over) == 2
    assert folder.parent.parent == other.parent
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(folder.parent)


def test_numba_is_not_led_to_another_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(cache.CONFIG, "CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(cache.CONFIG, "CACHE_LOCATOR_CLASSES", "InTreeCacheLocator")
    kept = Path(entry(name)._cache.cache_path)
    assert kept.is_relative_to(cache.folder())
    assert str(tmp_path) == cache.CONFIG.CACHE_DIR
