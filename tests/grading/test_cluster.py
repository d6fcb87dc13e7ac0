"""A real Dask cluster on this machine: over TLS, with machines that are lost on the way."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import standing
from counted import COUNTED
from dasks import Dask, running
from waiting import wait_until

from autograder.course import secret
from autograder.errors import ClusterError, CourseError
from autograder.gradebook import results
from autograder.grading import cluster as cluster_module
from autograder.grading import planning
from autograder.grading.cluster import Cluster, LostError
from autograder.grading.parcels import Answer, Examined, Versions
from autograder.grading.planning import Order
from autograder.notebook.places import HandedIn
from autograder.records import Course

pytestmark = pytest.mark.slow

Put = Callable[..., Path]
WRONG = {"one_hot": "def one_hot(tokens, vocabulary):\n    return np.zeros((len(tokens), len(vocabulary)))"}
# A kit that believes to be another.
OTHER = """
import msgspec
from autograder.grading import parcels
honest = parcels.Versions.here()
parcels.Versions.here = classmethod(lambda cls: msgspec.structs.replace(honest, numpy="1.0.0"))
from autograder import cli
cli.main()
"""
# A kit whose scheduler is ended once it has said that a batch is finished, before it hands over what came of it.
LOST_BETWEEN = """
import os, signal, time
from distributed import Client
from autograder import cli
honest = Client._gather
async def gather(*words, **more):
    os.kill(int(os.environ["SCHEDULER"]), signal.SIGKILL)
    time.sleep(0.5)  # in the loop's own thread: it does not hear of that before it asks
    return await honest(*words, **more)
Client._gather = gather
cli.main()
"""


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    with running(tmp_path_factory.mktemp("dask")) as started:
        yield started


def begin(program: str, folder: Path, dask: Dask, *words: str) -> subprocess.Popen[str]:
    environment = {**dask.environment, "SCHEDULER": str(dask.scheduler.pid)}
    return subprocess.Popen(
        [sys.executable, "-c", program, "grade", "embeddings", "--cluster", dask.address, *words],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip


def a_class(course_folder: Path, put: Put) -> list[str]:
    """Right, wrong and unreadable work, and some of it beside where it belongs."""
    students = [f"s{number:02}" for number in range(9)]
    for number, student in enumerate(students):
        path = put(student, functions=WRONG if number % 3 == 1 else None)
        if number == 4:
            path.write_bytes(path.read_bytes()[:1000])
        if number == 5:
            path.rename(path.with_name("my work.ipynb"))
        if number == 6:
            path.rename(path.parents[1] / "embeddings.ipynb")
            path.parent.rmdir()
    return students


def order(course_folder: Path, out: Path | None = None, **more: Any) -> Order:
    return planning.open_order(course_folder, "embeddings", None, out, **more)


def kept(out: Path) -> dict[str, bytes]:
    """Results and the pages beside them."""
    return {path.name: path.read_bytes() for path in sorted((out / "results" / "embeddings").glob("[!.]*"))}


def test_a_cluster_that_loses_a_worker_says_the_same_as_parts_on_one_machine(
    course_folder: Path, put: Put, dask: Dask, tmp_path: Path
) -> None:
    students = a_class(course_folder, put)
    with begin(COUNTED, course_folder, dask, "--out", str(tmp_path / "cluster")) as run:
        wait_until((course_folder / "graded").exists, run)
        folders = dask.courses()
        assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
        key = Path(os.environ[secret.VARIABLE]).read_bytes().strip()
        assert not [content for content in dask.written() if key in content]
        (_, worker), *others = dask.stations()
        os.kill(worker, signal.SIGKILL)
        for other, _ in others:  # and in the other worker, what grades there
            os.kill(other, signal.SIGKILL)
        out, error = run.communicate()
    assert run.returncode == 0, error
    assert error == "note: 1 submission was taken from beside STUDENT/embeddings/: s06/embeddings.ipynb\n"
    assert "isolation" in out
    # What graded for the worker that was killed may be at its last letter still.
    wait_until(lambda: dask.courses() == dask.stations() == [])
    for part in ("1/2", "2/2"):
        standing.grade(order(course_folder, tmp_path / "parts", shard=planning.Shard.parse(part)))
    in_parts = kept(tmp_path / "parts")
    assert len(in_parts) == 2 * len(students)
    assert kept(tmp_path / "cluster") == in_parts


def test_ctrl_c_leaves_nothing_on_the_workers(course_folder: Path, put: Put, dask: Dask) -> None:
    a_class(course_folder, put)
    with begin(COUNTED, course_folder, dask) as run:
        wait_until(lambda: len(dask.stations()) == 2, run)
        run.send_signal(signal.SIGINT)
        _, error = run.communicate()
    assert run.returncode == 130
    assert "stopped: what is finished is kept; run the same command again to go on" in error
    wait_until(lambda: dask.courses() == dask.stations() == [])


def test_another_numpy_is_told_before_anything_is_sent(course_folder: Path, put: Put, dask: Dask) -> None:
    put("ada")
    with begin(OTHER, course_folder, dask) as run:
        _, error = run.communicate()
    assert run.returncode == 2
    assert "autograder: worker tls://127.0.0.1:" in error
    assert ", here 1.0.0: results would differ; install the same on all machines" in error
    assert error.count("\n") == 1


def test_a_worker_with_several_threads_is_refused(course_folder: Path, put: Put, dask: Dask) -> None:
    put("ada")
    plain = ("--protocol", "tls", "--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--nthreads", "2")
    before = dask.said("worker").count("Registered to")
    dask.start("worker", dask.address, *plain, "--local-directory", str(dask.folder))
    wait_until(lambda: dask.said("worker").count("Registered to") > before, dask.processes[-1])
    with begin(COUNTED, course_folder, dask) as run:
        _, error = run.communicate()
    worker = dask.processes.pop()
    worker.terminate()
    worker.wait()
    assert run.returncode == 2
    assert "has 2 threads, and grades with one alone: start it with `--nthreads 1`" in error


def test_without_certificates_nothing_goes_out(own_course: Course) -> None:
    cluster = Cluster(own_course, own_course.unit("embeddings"), "tls://127.0.0.1:1")
    needed = "needs certificates, which Dask's settings name: DASK_DISTRIBUTED__COMM__TLS__CA_FILE"
    with pytest.raises(CourseError, match=needed):
        cluster.open()


def test_a_lost_scheduler_ends_in_a_run_that_can_be_gone_on_with(  # the last one here: it is gone then
    course_folder: Path, put: Put, dask: Dask
) -> None:
    students = a_class(course_folder, put)
    with begin(COUNTED, course_folder, dask) as run:
        wait_until((course_folder / "graded").exists, run)
        dask.scheduler.kill()
        _, error = run.communicate()
    assert run.returncode == 1, error
    note, told = error.splitlines()
    assert note.startswith("note: 1 submission was taken from beside")
    assert "is gone (the connection was lost): what is finished is kept" in told
    graded = (course_folder / "graded").read_text().split()
    assert graded
    assert len(graded) < len(students)
    assert results.students(course_folder, "embeddings") == sorted(graded)
    planned = standing.plan(order(course_folder))
    assert sorted(planned.unchanged) == sorted(graded)


def test_a_scheduler_that_is_lost_before_it_hands_over_ends_the_run_in_one_line(
    course_folder: Path, put: Put, tmp_path: Path
) -> None:
    put("ada")  # nobody else's batch tells that the connection was lost
    with running(tmp_path, workers=1) as dask, begin(LOST_BETWEEN, course_folder, dask) as run:
        _, error = run.communicate()
    assert run.returncode == 1
    assert "is gone (the connection was lost): what is finished is kept" in error
    assert error.count("\n") == 1


def test_where_no_scheduler_answers_it_is_told(own_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_CONNECT_SECONDS", 1)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(ClusterError, match=f"no scheduler answers at {address}: .*no certificates"):
            Cluster(own_course, own_course.unit("embeddings"), address).open()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://10.0.0.1:8786", "is not encrypted, and the course's secret would go there"),
        ("tcp://example.org:8786", "is not encrypted"),
        ("http://localhost:1", "is no address of a scheduler"),
        ("localhost:8786", "is no address of a scheduler"),
    ],
)
def test_what_others_could_listen_to_is_refused(own_course: Course, address: str, said: str) -> None:
    unit = own_course.unit("embeddings")
    with pytest.raises(CourseError, match=said):
        Cluster(own_course, unit, address)
    if said.startswith("is not encrypted"):
        Cluster(own_course, unit, address, unencrypted=True)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "tcp://localhost:1", "tcp://[::1]:1"])
def test_on_this_machine_nobody_else_listens(own_course: Course, address: str) -> None:
    Cluster(own_course, own_course.unit("embeddings"), address)


def test_what_dask_says_is_said_in_our_terms(
    own_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures import CancelledError

    from distributed.scheduler import KilledWorker

    cluster = Cluster(own_course, own_course.unit("embeddings"), "tls://a:1")
    batch = [(HandedIn("ada", tmp_path),)]

    def told(error: BaseException | None = None, answer: Answer | None = None) -> BaseException | None:
        async def asked() -> bytes:
            if error is not None:
                raise error
            return msgspec.json.encode(answer)

        try:
            asyncio.run(cluster._graded(asked(), batch))
        except Exception as said:
            return said
        return None

    assert isinstance(told(KilledWorker("task", None, 4)), LostError)
    assert isinstance(told(answer=Answer(lost=True)), LostError)
    assert "tls://a:1 is gone" in str(told(CancelledError()))
    assert "tls://a:1 is gone" in str(told(asyncio.CancelledError()))
    assert "a worker of tls://a:1 failed: KeyError" in str(told(KeyError("x")))
    assert "worker b: it has another kit: mend it" in str(
        told(answer=Answer(trouble="worker b: it has another kit"))
    )
    assert told(answer=Answer([(b"{}", b"<p>", ())])) is None
    with pytest.raises(ClusterError, match="the cluster is closed"):
        cluster.submit(batch)
    monkeypatch.setattr(cluster, "_client", SimpleNamespace(status="closed"))
    assert "tls://a:1 is gone" in str(told(RuntimeError("ConnectionPool is closed")))


def test_machines_with_too_little_memory_are_told(own_course: Course) -> None:
    cluster = Cluster(own_course, own_course.unit("embeddings"), "tls://a:1")
    assert cluster.level == "none"
    for number, (level, host) in enumerate((("full", "a"), ("reduced", "a"), ("full", "b"))):
        free = 1000 if host == "a" else None
        cluster._workers[f"tls://{number}"] = Examined(Versions.here(), level, "v", host, free)
    assert (cluster.level, cluster.levels) == ("reduced", {"full": 2, "reduced": 1})
    (notice,) = cluster.notices
    assert notice.startswith(
        "2 workers on a may want 1280 MiB of memory beside Dask's own, and 1000 MiB are free"
    )


def test_without_dask_the_extra_is_named(own_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(
        CourseError, match=r"--cluster needs Dask distributed, which is not installed: pip install"
    ):
        Cluster(own_course, own_course.unit("embeddings"), "tls://a:1").open()
