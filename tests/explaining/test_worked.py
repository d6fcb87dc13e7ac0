"""The worked answer beside the inputs that it is worked out on."""

from __future__ import annotations

import numpy as np
from reports import Explained, explained

__all__ = ["explained"]  # a fixture


def test_of_several_results_those_that_are_right_are_known(explained: Explained) -> None:
    report = explained(
        "project_qkv", "def project_qkv(X, q, k, v):\n    return X @ q, X @ k, X @ v + X.sum()"
    )
    assert report.explanation is not None
    assert report.explanation.agrees == ("queries", "keys")


def test_finding_does_not_write_to_what_it_is_given(explained: Explained) -> None:
    report = explained("softmax", "def softmax(x):\n    return np.exp(x)")
    assert report.explanation is not None
    for _, value in report.explanation.inputs:
        assert isinstance(value, np.ndarray)
        assert not value.flags.writeable
