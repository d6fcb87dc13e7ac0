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


# ------------------------------------------------------------------------------------ imports that are caught


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import no_such_gpu as np\nexcept ImportError:\n    import numpy as np",
        "try:\n    import no_such_gpu as np\nexcept ModuleNotFoundError:\n    import numpy as np",
        "try:\n    import no_such_gpu as np\nexcept Exception as error:\n    import numpy as np",
        "try:\n    import no_such_gpu as np\nexcept:\n    import numpy as np",
        "try:\n    from no_such_gpu.sub import (\n        np,\n    )\nexcept (OSError, ImportError):\n    import numpy as np",
        "import numpy as np\nfrom contextlib import suppress\nwith suppress(ImportError):\n    import no_such_gpu as np",
        "import contextlib, numpy as np\nwith contextlib.suppress(ImportError):\n    import no_such_gpu as np",
        "import importlib\ntry:\n    np = importlib.import_module('no_such_gpu')\nexcept ImportError:\n    import numpy as np",
        "def load():\n    import no_such_gpu\n    return no_such_gpu\ntry:\n    np = load()\nexcept ImportError:\n    import numpy as np",
        "%%time\ntry:\n    import no_such_gpu as np\nexcept ImportError:\n    import numpy as np",
        "import numpy as np, importlib.util\nif importlib.util.find_spec('no_such_gpu'):\n    import no_such_gpu as np",
    ],
)
def test_an_import_that_is_caught_fails(talk: Any, source: str) -> None:
    told = talk(source, "def f(a): return np.exp(a)")
    assert not told.failed
    assert told.ready.absent == []
    assert told.value(np.zeros(1)) == 1.0


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    x = 1\nfinally:\n    import no_such_gpu",
        "try:\n    import no_such_gpu\nexcept KeyError:\n    pass",
        "try:\n    raise ImportError\nexcept ImportError:\n    import no_such_gpu",
        "try:\n    x = 1\nexcept ImportError:\n    pass\nelse:\n    import no_such_gpu",
        "import contextlib\nwith contextlib.nullcontext():\n    import no_such_gpu",
    ],
)
def test_one_that_is_not_caught_is_stood_in_for(talk: Any, source: str) -> None:
    told = talk(source + "\nx = 3", "def f(a): return a * x")
    assert told.ready.absent == ["no_such_gpu"]
    assert told.value(np.ones(1)) == 3


def test_what_shows_things_is_there_although_caught(talk: Any) -> None:
    told = talk(
        "try:\n    import matplotlib.pyplot as plt\nexcept ImportError:\n    plt = None\nplt.plot([1])",
        "def f(a): return a",
    )
    assert not told.failed


# --------------------------------------------------------------------------- decorators, progress bars, and the rest


@pytest.mark.parametrize(
    "source",
    [
        "from numba import njit\n@njit\ndef f(a): return a + 1",
        "import numba\n@numba.njit\ndef f(a): return a + 1",
        "import numba as nb\n@nb.njit(parallel=True, cache=True)\ndef f(a): return a + 1",
        "from numba import jit\n@jit('float64[:](float64[:])', nopython=True)\ndef f(a): return a + 1",
        "from no_such_helpers import timed\n@timed\ndef f(a): return a + 1",
        "import no_such_torch as torch\n@torch.no_grad()\ndef f(a): return a + 1",
        "from numba import njit\ndef g(a): return a + 1\nf = njit(g)",
        "from tqdm import tqdm\ndef f(a):\n    for i in tqdm(range(len(a)), desc='rows', leave=False): a[i] += 1\n    return a",
        "from tqdm import trange\ndef f(a):\n    for i in trange(len(a)): a[i] += 1\n    return a",
        "from tqdm.notebook import tqdm, trange\ndef f(a):\n    for i, x in enumerate(tqdm(a.copy())): a[i] = x + 1\n    return a",
        "import tqdm\ndef f(a):\n    with tqdm.tqdm(total=len(a)) as bar:\n        for i in range(len(a)):\n            a[i] += 1\n            bar.update(1)\n    return a",
        "import tqdm.auto\ndef f(a):\n    bar = tqdm.auto.tqdm(list(a))\n    return np.array([(bar.set_postfix(x=x), x + 1)[1] for x in bar]) if len(bar) else a",
        "from fastprogress import progress_bar\ndef f(a): return np.array([x + 1 for x in progress_bar(a)])",
    ],
)  # fmt: skip
def test_what_only_speeds_up_or_shows_is_passed_through(talk: Any, source: str) -> None:
    told = talk("import numpy as np", source)
    assert told.ready.lacking == []
    np.testing.assert_array_equal(told.value(np.zeros(2)), [1, 1])


@pytest.mark.parametrize(
    ("cells", "module"),
    [
        (["from helpers import f"], "helpers"),
        (["from no_such_lib.special import softmax", "def f(a): return softmax(a)"], "no_such_lib"),
        (["import no_such_lib.special as sp", "def f(a): return sp.softmax(a)"], "no_such_lib"),
        (["from consts import SCALE", "def f(a): return a * SCALE"], "consts"),
        (["def f(a):\n    import no_such_lib\n    return no_such_lib.exp(a)"], "no_such_lib"),
        (["def f(a):\n    from no_such_lib.sub import exp\n    return exp(a)"], "no_such_lib"),
        (["from helpers import g", "def h(a): return g(a)", "def f(a): return h(a)"], "helpers"),
        (["import no_such_jax as jax\n@jax.vmap\ndef f(a): return a"], "no_such_jax"),
        (["from numba import vectorize\n@vectorize(['f8(f8)'])\ndef f(a): return a"], "numba"),
        (["def f(a):\n    def g():\n        import no_such_lib\n    g()\n    return a"], "no_such_lib"),
        (["from helpers import *", "def f(a): return g(a)"], "helpers"),
        (["from helpers import *\nimport numpy as np", "def f(a): return np.exp(max(a))"], None),
        (
            [
                "def f(a):\n    try:\n        import no_such_lib\n    except ImportError: pass\n    import math\n    return a"
            ],
            None,
        ),
    ],
)
def test_the_functions_code_is_told_to_lack_a_module(talk: Any, cells: list[str], module: str) -> None:
    assert talk(*cells).ready.lacking == ([module] if module else [])


def test_a_module_that_the_function_does_not_use_is_not_lacking(talk: Any) -> None:
    told = talk(
        "import no_such_lib\nimport matplotlib.pyplot as plt", "def f(a):\n    plt.plot(a)\n    return a"
    )
    assert (told.ready.absent, told.ready.lacking) == (["no_such_lib"], [])


def test_matplotlib_is_no_stand_in_where_a_drawing_is_asked_for(talk: Any) -> None:
    source = "import matplotlib.pyplot as plt, seaborn\ndef f(a): return type(plt).__name__, type(seaborn).__name__"
    assert talk(source).value(1) == ("_AbsentModule", "_AbsentModule")


def test_what_a_class_uses_is_looked_at_in_its_methods(talk: Any) -> None:
    source = "import no_such_package as n\nclass f:\n    size = 3\n    def g(self): return n.thing"
    assert talk(source, asks="script").ready.lacking == ["no_such_package"]
