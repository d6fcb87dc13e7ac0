"""Whose a file of a download is, by its names.

Held against the sources and documentation of each system, as they are on GitHub:

- Canvas: instructure/canvas-lms, lib/content_zipper.rb (`get_filename`, `add_upload_submission`: the name in small
  letters, `LATE`, user and attachment) and app/models/abstract_assignment.rb (`infer_comment_context_from_filename`)
- Moodle: moodle/moodle, mod/assign/classes/downloader.php (`get_student_prefix`, where `_` in a name becomes a space;
  `load_submissionplugin_filelist`, in folders or not; before 4.1 with a `_` at the end, MDL-52489)
- ILIAS: ILIAS-eLearning/ILIAS, Modules/Exercise/classes/class.ilExSubmission.php (`getDirectoryNameFromUserData`,
  `downloadAllAssignmentFiles`: folders of teams, late files); ilifau/ExerciseStatusFile's README for multi-feedback
- Blackboard: CodeGrade's parser of gradebook files (psef/blackboard.py), nbgrader's own `FileNameCollectorPlugin`,
  whose example is `ps1_bitdiddle_attempt_2016-01-30-15-00-00_problem1.ipynb`
- Gradescope: what its users' scripts read (`submission_metadata.yml`, `submission_N/`): see tests/lms/test_slips.py
"""

from __future__ import annotations

import pytest
from fuzzing import PATHS
from hypothesis import given
from hypothesis import strategies as st

from autograder.lms import downloads
from autograder.lms.downloads import Download, Kind, Who


@pytest.mark.parametrize(
    ("path", "who", "file", "label"),
    [
        ("Ada Example_12_assignsubmission_file_/a.ipynb", "Ada Example", "a.ipynb", "Ada Example_12_assignsubmission_file_"),
        ("Ada Example_12_assignsubmission_file/b/a.ipynb", "Ada Example", "b/a.ipynb", "Ada Example_12_assignsubmission_file"),
        ("top/Ada B Example_12_assignsubmission_file_a_1.ipynb", "Ada B Example", "a_1.ipynb", "Ada B Example_12_assignsubmission_file_"),
        ("M_12_assignsubmission_file_Bo_13_assignsubmission_file_a.ipynb", "M", "Bo_13_assignsubmission_file_a.ipynb", "M_12_assignsubmission_file_"),
    ],
)  # fmt: skip
def test_moodles_names(path: str, who: str, file: str, label: str) -> None:
    found = downloads.whose("moodle", path.split("/"))
    assert found == Download(Who(who, participant="12"), tuple(file.split("/")), label)


@pytest.mark.parametrize(
    "path",
    [
        "Ada Example_12_assignsubmission_onlinetext_/onlinetext.html",
        "a.ipynb",
        "Ada_12_assignsubmission_file_",
        "Ada_12_assignsubmission_file_x/a.ipynb",
    ],
)
def test_what_is_no_file_of_moodles(path: str) -> None:
    assert downloads.whose("moodle", path.split("/")) is None


@pytest.mark.parametrize(
    ("name", "who", "file", "late", "label"),
    [
        ("exampleada_34_56_a-1.ipynb", Who("exampleada", "34"), "a-1.ipynb", False, "exampleada_34_56_"),
        ("exampleada_LATE_34_56_my_work.ipynb", Who("exampleada", "34"), "my_work.ipynb", True, "exampleada_LATE_34_56_"),
        ("o_neil zoë_34_56_7_8_x.ipynb", Who("o_neil zoë", "34"), "7_8_x.ipynb", False, "o_neil zoë_34_56_"),
        ("anon_aB3xY_56_a.ipynb", Who(submission="anon_aB3xY"), "a.ipynb", False, "anon_aB3xY_56_"),
        ("LATE_anon_aB3xY_56_a.ipynb", Who(submission="anon_aB3xY"), "a.ipynb", True, "LATE_anon_aB3xY_56_"),
    ],
)  # fmt: skip
def test_canvass_names(name: str, who: Who, file: str, late: bool, label: str) -> None:
    expected = Download(who, (file,), label, late=late, number=56)
    assert downloads.whose("canvas", ["submissions", name]) == expected


def test_a_number_at_the_end_of_a_name_may_be_canvass_of_somebody_else() -> None:
    found = downloads.whose("canvas", ["mallory_34_12_56_a.ipynb"])
    assert found is not None
    assert (found.who.user_id, found.who.or_user_id) == ("34", "12")


def test_canvass_texts_are_no_files() -> None:
    assert downloads.whose("canvas", ["exampleada_34_text.html"]) is None


def test_gradescopes_names() -> None:
    parts = ["assignment_9_export", "submission_123", "code", "a.ipynb"]
    assert downloads.whose("gradescope", parts) == Download(
        Who(submission="submission_123"), ("code", "a.ipynb"), "submission_123"
    )
    assert downloads.whose("gradescope", ["assignment_9_export", "submission_metadata.yml"]) is None


def test_blackboards_names() -> None:
    head = "Homework 1_aexample_attempt_2024-01-02-03-04-05"
    file = downloads.whose("blackboard", [f"{head}_my_work.ipynb"])
    assert file == Download(Who(login="Homework 1_aexample"), ("my_work.ipynb",), head, "2024-01-02-03-04-05")
    slip = downloads.whose("blackboard", [f"{head}.txt"])
    assert slip is not None
    assert (slip.label, slip.is_slip) == (head, True)
    assert downloads.whose("blackboard", ["Homework 1_aexample_a.ipynb"]) is None
    forged = "x_bexample_attempt_2034-01-02-03-04-05_a.ipynb"  # a file's name, which is a student's own
    assert downloads.whose("blackboard", [f"{head}_{forged}"]) == Download(
        Who(login="Homework 1_aexample"), (forged,), head, "2024-01-02-03-04-05"
    )


def test_iliass_names() -> None:
    found = downloads.whose("ilias", ["Aufgabe", "Abgaben", "Team 7", "Example_Ada_ada.ex_1234", "a.ipynb"])
    assert found == Download(Who(login="Example_Ada_ada.ex"), ("a.ipynb",), "Example_Ada_ada.ex_1234")
    for word in ("Late Submission", "Verspaetete Abgabe"):
        late = downloads.whose("ilias", ["Example_Ada_ada_1234", f"{word} - a.ipynb"])
        assert late is not None
        assert (late.late, late.file) == (True, ("a.ipynb",))
    assert downloads.whose("ilias", ["Example_Ada", "a.ipynb"]) is None


@pytest.mark.parametrize(
    ("path", "who", "file"),
    [
        ("ada/a.ipynb", "ada", "a.ipynb"),
        ("ada/self-attention/a.ipynb", "ada", "self-attention/a.ipynb"),
        ("ada.ipynb", "ada", "ada.ipynb"),
    ],
)
def test_plain_names(path: str, who: str, file: str) -> None:
    found = downloads.whose("plain", path.split("/"))
    assert found == Download(Who(who, login=who), tuple(file.split("/")), who)
    assert downloads.whose("plain", ["notes.txt"]) is None


@pytest.mark.parametrize(
    ("paths", "kind"),
    [
        (["x_34_56_a.ipynb", "x_34_text.html", "index.html"], "canvas"),
        (["A_1_assignsubmission_file_/a.ipynb", "B B_2_assignsubmission_file_/b.zip", "Grades.csv"], "moodle"),
        (["a/submission_metadata.yml", "a/submission_1/a.ipynb"], "gradescope"),
        (["A_1_assignsubmission_file_/submission_metadata.yml", "B B_2_assignsubmission_file_/b.zip"], "moodle"),
        (["A_1_assignsubmission_file_/submission_1/a.ipynb", "B_2_assignsubmission_file_/submission_metadata.yml", "B_2_assignsubmission_file_/b.zip"], "moodle"),
        (["HW_a_attempt_2024-01-02-03-04-05.txt", "HW_a_attempt_2024-01-02-03-04-05_a.ipynb"], "blackboard"),
        (["T/Submissions/A_B_c_1/a.ipynb", "T/status.xlsx"], "ilias"),
        (["ada/a.ipynb", "bo/bo.ipynb"], "plain"),
        (["ada/a.txt"], None),
        (["x_34_56_a.ipynb", "ada/a.ipynb"], None),
        ([], None),
    ],
)  # fmt: skip
def test_the_kind_is_told_by_the_names(paths: list[str], kind: Kind | None) -> None:
    assert downloads.kind_of([path.split("/") for path in paths]) == kind


@given(st.sampled_from(downloads.KINDS), PATHS)
def test_any_names_are_somebodys_or_nobodys(kind: Kind, parts: list[str]) -> None:
    found = downloads.whose(kind, parts)
    assert downloads.kind_of([parts]) in (None, *downloads.KINDS)
    if found is not None:
        assert found.file
        assert all(found.file)
        assert parts[-1].endswith(found.file[-1]) or found.is_slip
        assert any(found.label.startswith(part) or part.startswith(found.label) for part in parts)
