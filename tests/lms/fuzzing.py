"""What Hypothesis thinks up of downloads: names, tables and texts that nearly are what an LMS writes."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = st.sampled_from(
    ["_", "LATE", "anon", "12", "34567", "Ada", "assignsubmission", "file", "attempt", "2026-03-02-12-00-00", "submission",
     ".ipynb", ".txt", " ", "-", "Zoë", "\u0308", "..", "Participant", "a.zip"]
)  # fmt: skip
NAMES = st.lists(WORDS | st.text(max_size=3), min_size=1, max_size=9).map("".join).filter(bool)
PATHS = st.lists(NAMES.map(lambda name: name.replace("/", "")).filter(bool), min_size=1, max_size=4)
CELLS = st.sampled_from(
    ["Identifier", "Participant 1", "Participant 2", "Grade", '"', ",", ";", "\n", "\r", "\0", "a@x", "é"]
)
TABLES = st.lists(CELLS, max_size=30).map(lambda cells: "".join(cells).encode()) | st.binary(max_size=60)
