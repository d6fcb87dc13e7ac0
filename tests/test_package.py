"""What `import autograder` gives, and what it costs."""

import subprocess
import sys

import pytest

import autograder
from autograder.selfcheck import cases, display


def test_what_students_import_is_exported() -> None:
    assert sorted(autograder.__all__) == ["case", "check", "draw", "predict", "waits_for"]
    assert autograder.waits_for is autograder.draw.waits_for
    assert autograder.check is display.check
    assert autograder.case is cases.case
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        autograder.chekc  # noqa: B018


def test_package_is_quick_to_import() -> None:
    code = "import sys, autograder; sys.exit('numpy' in sys.modules or 'rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
