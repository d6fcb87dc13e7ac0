"""What decides a result, beside the submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from autograder.checking import examining
from autograder.grading.pipeline import Pipeline


def test_a_version_names_all_that_the_inputs_are_drawn_from(pipelines: Mapping[str, Pipeline]) -> None:
    examiner = pipelines["embeddings"].examiner
    course = examiner.course
    versions = {
        examining.version(examiner),
        examining.version(replace(examiner, secret=b"another")),
        examining.version(replace(examiner, course=replace(course, public_seed=course.public_seed + 1))),
        examining.version(replace(examiner, material=replace(examiner.material, digest="another"))),
    }
    assert len(versions) == 4
    assert examining.version(replace(examiner)) in versions
