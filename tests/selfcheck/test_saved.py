"""Which notebook is checked, and when it is saved."""

import functools
from pathlib import Path
from types import SimpleNamespace

import pytest
from student import RIGHT, hand_out, solved, write

from autograder.errors import AutograderError, CourseError, UnreadableError
from autograder.selfcheck import saved
from autograder.selfcheck.checked import NotebookCheck
from autograder.selfcheck.saved import check_notebook, find_notebook


def checked(found: NotebookCheck | AutograderError) -> NotebookCheck:
    assert isinstance(found, NotebookCheck)
    return found


# ----------------------------------------------------------------------------------------- which notebook


def test_folder_with_one_notebook(tmp_path: Path) -> None:
    notebook = hand_out("embeddings", tmp_path)
    renamed = notebook.rename(tmp_path / "my copy.ipynb")
    assert find_notebook(tmp_path) == renamed


def test_of_several_notebooks_the_units(tmp_path: Path) -> None:
    notebook = hand_out("embeddings", tmp_path)
    (tmp_path / "embeddings-Copy1.ipynb").write_bytes(notebook.read_bytes())
    assert find_notebook(tmp_path) == notebook
    notebook.rename(tmp_path / "other.ipynb")
    with pytest.raises(CourseError, match="holds 2 notebooks: name the one to check"):
        find_notebook(tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "holds no notebook"), ("none.ipynb", "does not exist"), ("a.py", "is no notebook: its name")],
)
def test_no_notebook(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    with pytest.raises(CourseError, match=message):
        find_notebook(tmp_path / name)


def test_without_the_checks(tmp_path: Path) -> None:
    notebook = hand_out("embeddings", tmp_path)
    (tmp_path / "checks.json").unlink()
    with pytest.raises(CourseError, match=r"checks\.json is missing"):
        check_notebook(notebook)


def test_unreadable_notebook(tmp_path: Path) -> None:
    notebook = hand_out("embeddings", tmp_path)
    notebook.write_text("{")
    with pytest.raises(
        UnreadableError,
        match=r"^embeddings\.ipynb cannot be read: it is not JSON: .* Open it in Jupyter and save it again; ",
    ):
        check_notebook(notebook)


# ------------------------------------------------------------------------------------------------ on save


@pytest.mark.slow
def test_watching_checks_again_on_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its glances, the notebook is left alone, half saved for a while, and saved."""
    notebook = hand_out("multi-head", tmp_path)
    results = saved.watch(tmp_path)
    assert not checked(next(results)).passed
    content = notebook.read_bytes()

    def save() -> None:
        notebook.write_bytes(content)
        write(notebook, RIGHT["multi-head"])

    half = functools.partial(notebook.write_text, '{"half')
    between = iter([lambda: None, half, lambda: None, lambda: None, save])
    monkeypatch.setattr(saved, "time", SimpleNamespace(sleep=lambda _: next(between)()))
    assert checked(next(results)).passed


@pytest.mark.slow
def test_watching_outlives_what_is_broken(tmp_path: Path) -> None:
    """A notebook that stays broken, checks that are gone: both are told once, and the next save is checked."""
    notebook = solved("multi-head", tmp_path)
    whole, checks = notebook.read_bytes(), (tmp_path / "checks.json").read_bytes()
    results = saved.watch(notebook, seconds=0.01)
    notebook.write_text("{")
    assert isinstance(next(results), UnreadableError)
    (tmp_path / "checks.json").unlink()
    notebook.write_bytes(whole)
    assert "checks.json is missing" in str(next(results))
    (tmp_path / "checks.json").write_bytes(checks)
    assert checked(next(results)).passed


def test_watching_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="does not exist"):
        next(saved.watch(tmp_path / "none.ipynb"))


def test_watching_waits_for_a_notebook_that_is_being_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = solved("multi-head", tmp_path)
    stamps = iter([None, None, (1, 1)])
    monkeypatch.setattr(saved, "_stamp", lambda _: next(stamps))
    assert checked(next(saved.watch(notebook, seconds=0.01))).passed
    assert list(stamps) == []


def test_stamp_of_a_missing_file(tmp_path: Path) -> None:
    assert saved._stamp(tmp_path / "gone") is None
