"""Lessons are taken from a folder, an archive or a git address: they alone, and the same from each."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import lessons
import pytest

from autograder.authoring import origin, packed
from autograder.errors import CourseError

TAKEN = {name: text.encode() for name, text in lessons.TAKEN.items()}
Archive = Callable[[Path, Path], Path]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return lessons.write(tmp_path / "course-1.0")


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def repository(folder: Path) -> str:
    """Makes it one, with all that it holds committed; the commit."""
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--force", ".")
    git(folder, "commit", "--quiet", "--message", "All")
    return git(folder, "rev-parse", "HEAD")


def zipped(folder: Path, path: Path) -> Path:
    """As GitHub and GitLab make archives of a release: all in one folder."""
    return Path(shutil.make_archive(str(path), "zip", folder.parent, folder.name))


def tarred(folder: Path, path: Path) -> Path:
    made = path.with_name(f"{path.name}.tar.gz")
    with tarfile.open(made, "w:gz") as archive:
        archive.add(folder, arcname="./")
    return made


def test_a_folder_gives_its_lessons_and_nothing_else(course: Path) -> None:
    taken = origin.take(str(course))
    assert taken.files == TAKEN
    assert taken.listing == lessons.LISTING.encode()
    assert [unit.name for unit in taken.course.units] == ["first", "second"]
    assert taken.version == origin.take(str(course)).version
    (course / "solutions/first/first.py").write_text("# %%\n")
    assert taken.version != origin.take(str(course)).version


@pytest.mark.parametrize("make", [zipped, tarred])
def test_an_archive_gives_the_same(course: Path, tmp_path: Path, make: Archive) -> None:
    taken = origin.take(str(make(course, tmp_path / "archive")))
    here = origin.take(str(course))
    assert (taken.files, taken.listing, taken.version) == (here.files, here.listing, here.version)


def test_a_git_address_gives_what_was_committed(course: Path, tmp_path: Path) -> None:
    commit = repository(course)
    git(course, "tag", "v1")
    (course / "solutions/first/first.py").write_text("# %%\nlesson = 'newer'\n")
    newer = git(course, "commit", "--quiet", "--all", "--message", "More") or git(course, "rev-parse", "HEAD")
    for kind in ("zip", "tar.gz"):  # as servers make archives of a release
        git(
            course,
            "archive",
            f"--format={kind}",
            "--prefix=course-1/",
            f"--output={tmp_path}/archive.{kind}",
            "v1",
        )
        assert origin.take(f"{tmp_path}/archive.{kind}").files == TAKEN
    address = f"file://{course}"
    assert origin.take(address).version == newer[:12]
    assert origin.take(f"git+{address}").files["solutions/first/first.py"] == b"# %%\nlesson = 'newer'\n"
    tagged = origin.take(f"git+{address}@v1")
    assert (tagged.files, tagged.version) == (TAKEN, commit[:12])
    git(tmp_path, "clone", "--quiet", "--bare", str(course), "bare.git")
    assert origin.take(str(tmp_path / "bare.git")).version == newer[:12]


def test_what_cannot_be_cloned_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"file://{tmp_path}/nowhere"
    with pytest.raises(
        CourseError, match=r"git cannot clone it .*nowhere.*: see whether `git clone` does"
    ) as error:
        origin.take(address)
    assert "\n" not in str(error.value)
    (tmp_path / "nothing").mkdir()
    (tmp_path / "nothing" / "a").touch()
    repository(tmp_path / "nothing")
    address = f"file://{tmp_path}/nothing"
    with pytest.raises(CourseError, match=f"^{address}: no course.toml in it: name the folder of a course"):
        origin.take(address)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CourseError, match="git is needed to follow it, and is not here"):
        origin.take(address)


def test_a_password_in_an_address_is_neither_shown_nor_kept(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(course)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")  # the address leads to the folder, as a server's would
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.file://{course}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://ada:t0ken@example.org/course.git")
    assert origin.take("https://ada:t0ken@example.org/course.git").source == "https://example.org/course.git"
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")  # and others nowhere
    for number, scheme in enumerate(("https://", "ssh://")):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", "url.file:///nowhere/.insteadOf")
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", scheme)
    for address in (
        "https://ada:t0ken@a/b.git",
        "git+https://t0ken@a/b.git@v1",
        "git+ssh://ada:t0ken@a/b.git",
    ):
        with pytest.raises(CourseError, match="git cannot clone it") as error:
            origin.take(address)
        assert "t0ken" not in str(error.value)


def test_a_secret_among_lessons_is_not_taken(tmp_path: Path) -> None:
    listing = lessons.LISTING.replace('"our-secret"', '"solutions/first/secret"').replace(
        '"class.csv"', '"solutions/first/../first/class.csv"'
    )
    more = {"solutions/first/secret": "secret", "solutions/first/class.csv": "id\nada\n"}
    assert origin.take(str(lessons.write(tmp_path / "theirs", more, listing))).files == TAKEN


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("~nobody-at-all/course", "there is no such folder or file"),
        ("nowhere", "there is no such folder or file, and it is no git address"),
        ("--upload-pack=touch x", "no git address"),
        ("ext::sh -c touch%20x", "no git address"),
        ("https://example.org/course-1.0.zip", "download the archive and name the file"),
    ],
)
def test_a_source_that_is_none(source: str, told: str) -> None:
    with pytest.raises(CourseError, match=told):
        origin.take(source)


def test_a_folder_or_an_archive_of_something_else(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "hello").touch()
    with pytest.raises(CourseError, match=r"no course\.toml in it: name the folder of a course"):
        origin.take(str(other))
    with pytest.raises(CourseError, match=r"no course\.toml in it: name the archive of one course"):
        origin.take(str(zipped(other, tmp_path / "other-1")))
    lessons.write(other / "one")
    lessons.write(other / "two")
    both = shutil.make_archive(str(tmp_path / "both"), "zip", other)
    with pytest.raises(CourseError, match=r"several courses \(one/course\.toml, two/course\.toml\) in it"):
        origin.take(both)


def test_the_course_at_the_top_is_meant_where_others_lie_below(course: Path, tmp_path: Path) -> None:
    lessons.write(course / "docs/gallery", {"solutions/first/first.py": "another"})
    assert origin.take(str(zipped(course, tmp_path / "archive"))).files == TAKEN


@pytest.mark.parametrize(
    ("listing", "told"),
    [
        ("format = 1", r"course\.toml: missing the key"),
        (lessons.LISTING.replace("format = 1", "format = 2"), "format: 2 is of a newer kit"),
        (lessons.LISTING.replace('"second"', '"first"'), "two units are named 'first'"),
        (lessons.LISTING.replace('"second"', '"fourth"'), r"there is no solutions/fourth/fourth\.py"),
        (lessons.LISTING.partition("[[units]]")[0], "its course.toml lists no unit"),
    ],
)
def test_a_course_that_cannot_be_used_is_told(tmp_path: Path, listing: str, told: str) -> None:
    folder = lessons.write(tmp_path / "course", listing=listing)
    with pytest.raises(CourseError, match=told):
        origin.take(str(folder))
    with pytest.raises(CourseError, match=told):
        origin.take(str(zipped(folder, tmp_path / "archive")))


def test_links_and_pipes_among_lessons_are_refused(course: Path) -> None:
    place = course / "solutions/first/data.csv"
    place.symlink_to("/etc/passwd")
    with pytest.raises(CourseError, match=r"data\.csv: it is a link, or no file: put the file itself there"):
        origin.take(str(course))
    place.unlink()
    for name in ("course.toml", "solutions"):
        (course / name).rename(course / "elsewhere")
        (course / name).symlink_to(course / "elsewhere")
        with pytest.raises(CourseError, match=f"{name}: it is a link: put what it leads to there"):
            origin.take(str(course))
        (course / name).unlink()
        (course / "elsewhere").rename(course / name)
    os.mkfifo(place)
    with pytest.raises(CourseError, match="it is a link, or no file"):
        origin.take(str(course))
    place.unlink()
    place.with_name("a\nb.csv").touch()
    with pytest.raises(CourseError, match="a file has a name that cannot be shown"):
        origin.take(str(course))


def test_lessons_are_bounded(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MOST_BYTES", 2**20)
    (course / "solutions/first/data.csv").write_bytes(bytes(2**20))
    with pytest.raises(CourseError, match="the lessons hold more than 1 MiB"):
        origin.take(str(course))


def test_names_that_are_one_elsewhere_are_refused(course: Path) -> None:
    for name in ("Data.csv", "data.CSV"):
        (course / "solutions/first" / name).touch()
    with pytest.raises(CourseError, match="cannot be in one folder on every machine: rename one"):
        origin.take(str(course))


def test_a_file_that_cannot_be_read_is_told(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = open

    def denied(path: Path, *more: str) -> object:
        if Path(path).name == "reference.py":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *more)

    monkeypatch.setattr("builtins.open", denied)  # root may read everything
    with pytest.raises(CourseError, match=r"reference\.py: cannot be read \(Permission denied\)"):
        origin.take(str(course))


ADOPTED = '[[units]]\nname = "ps1"\nadopted = "source/ps1"\nfunctions = [{ name = "t", points = 1 }]\n'


def test_assignments_of_nbgraders_are_left_where_they_are(course: Path) -> None:
    listing = course / "course.toml"
    listing.write_text(f"{listing.read_text()}\n{ADOPTED}")
    taken = origin.take(str(course))
    assert taken.adopted == ("ps1",)
    assert [unit.name for unit in taken.course.units] == ["first", "second"]
    assert b"ps1" not in taken.listing
    listing.write_text(f'format = 1\ntitle = "T"\npublic_seed = 1\n{ADOPTED}')
    with pytest.raises(
        CourseError, match="all its units are assignments of nbgrader's: copy their notebooks"
    ):
        origin.take(str(course))
