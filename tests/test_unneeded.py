from __future__ import annotations

import subprocess
import sys
from importlib import metadata

import pytest

from autograder import unneeded


def test_what_takes_a_second_to_import_is_not_found_though_it_is_installed() -> None:
    assert metadata.version("rfc3987-syntax")
    done = subprocess.run(
        [sys.executable, "-c", f"{unneeded.FIRST}; import rfc3987_syntax"], capture_output=True, check=False
    )
    assert b"ModuleNotFoundError" in done.stderr
    unneeded.pass_over()
    with pytest.raises(ModuleNotFoundError):
        import rfc3987_syntax  # noqa: F401
