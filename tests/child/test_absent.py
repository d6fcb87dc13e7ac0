"""Modules that the grader has not, and those that only show things: they cost nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize(
    "source",
    [
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\nplt.show()",
        "import matplotlib\nmatplotlib.use('Agg')",
        "from matplotlib import pyplot as plt, cm\nplt.imshow([[1]], cmap=cm.viridis)",
        "from matplotlib.colors import Normalize\nNormalize(0, 1)",
        "import seaborn as sns\nsns.heatmap([[1]])",
        "import no_such_package_anywhere as n\nn.anything.at.all(1)[2]\nwith n.style(): pass",
        "from no_such_package.sub import thing\nthing()",
    ],
)
def test_modules_the_grader_has_not_cost_nothing_else(talk: Any, source: str) -> None:
    told = talk(source + "\nimport numpy as np", "def f(a): return np.exp(a)")
    assert not told.failed
    assert isinstance(told.value(np.zeros(1)), np.ndarray)


def test_absent_modules_are_told_and_plotting_is_not(talk: Any) -> None:
    told = talk("import matplotlib, no_such_package.sub, numpy, random", "def f(a): return a")
    assert told.ready.absent == ["no_such_package"]


def test_a_misspelt_standard_module_still_fails(talk: Any) -> None:
    told = talk("import numpy.no_such_part", "def f(a): return a")
    assert told.failed[0].exception == "ModuleNotFoundError"


def test_packages_that_look_for_optional_ones_find_the_truth(talk: Any) -> None:
    told = talk(
        "import importlib.util\nimport json\nfound = importlib.util.find_spec('no_such_package_anywhere')",
        "def f(a): return a if found is None else None",
    )
    assert told.value(np.ones(1)) is not None
