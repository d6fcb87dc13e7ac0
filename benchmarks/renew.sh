#!/bin/sh
# Renews the tables of docs/performance.md, but for that of 10,000 submissions, in ten to twelve minutes on a quiet machine.
# The environments of the peers are made the first time, which takes some minutes more.
set -e
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
unset PYTHONDONTWRITEBYTECODE
date
$python benchmarks/compare.py --students "${STUDENTS:-500}" --peer-students "${PEERS:-10}"
date
$python benchmarks/startup.py
$python benchmarks/breakdown.py
date
$python benchmarks/cluster.py
date
$python benchmarks/scale.py 100 1000 3000
date
