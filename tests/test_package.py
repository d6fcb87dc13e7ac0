"""What `import autograder` gives, and what it costs."""

import subprocess
import sys

import pytest

import autograder
from autograder.selfcheck import display


def test_check_is_the_one_name_exported() -> None:
    assert autograder.check is display.check
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        autograder.chekc  # noqa: B018


def test_package_is_quick_to_import() -> None:
    code = "import sys, autograder; sys.exit('numpy' in sys.modules or 'rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
