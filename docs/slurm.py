"""A Dask cluster in the queue of Slurm, for `autograder grade --cluster`: one job of the queue for each worker.

    python slurm.py --workers 16 --queue short --time 02:00:00
    python slurm.py --show

Run it in the course folder, with Dask's settings naming the certificates (see cluster.md). It prints the address to
grade at, and runs until Ctrl-C, with which the workers end too. With --show it prints the job script, and starts nothing.
Other queues that dask-jobqueue knows go the same way: PBSCluster, LSFCluster and so on.
"""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
from pathlib import Path
from typing import Final

from dask_jobqueue import SLURMCluster
from distributed import Security

from autograder.course import coursefile
from autograder.sandbox import machine

# Dask looks at itself a hundred times a second otherwise.
QUIETLY: Final = (
    "export DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=False",
    "export DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL=500ms",
    "export DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL=5s",
)
DASK_MIB: Final = 512  # what a worker of Dask takes for itself, with the batches that it has


def main() -> None:
    """Starts the cluster, or shows what would be handed to the queue."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--workers", type=int, default=8, help="how many (8)")
    parser.add_argument("--queue", help="the partition; Slurm's default where none is named")
    parser.add_argument("--account", help="whom the time is charged to")
    parser.add_argument("--time", default="02:00:00", help="how long a worker may run (02:00:00)")
    parser.add_argument("--interface", help="the network of the nodes, such as ib0")
    parser.add_argument("--show", action="store_true", help="print the job script, and start nothing")
    asked = parser.parse_args()
    limits = coursefile.load(coursefile.find(Path.cwd())).limits
    with SLURMCluster(
        queue=asked.queue,
        account=asked.account,
        walltime=asked.time,
        interface=asked.interface,
        python=shlex.quote(sys.executable),  # whose folder may have any name
        # One thread and one process a job, with memory for student code, for what grades it and for Dask.
        cores=1,
        processes=1,
        memory=f"{machine.a_job_mib(limits) + DASK_MIB} MiB",
        # The worker's folder, and in it the course's material, on the node's own disk.
        local_directory="${TMPDIR:-/tmp}",
        protocol="tls://",
        security=Security(require_encryption=True),
        scheduler_options={"dashboard_address": ":0"},
        worker_extra_args=["--no-dashboard"],
        job_script_prologue=list(QUIETLY),
    ) as cluster:
        if asked.show:
            print(cluster.job_script())
            return
        cluster.scale(jobs=asked.workers)
        print(f"autograder grade UNIT --cluster {cluster.scheduler_address}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
