"""Where the repository is, and what its notebooks are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[1]


def cell(source: str) -> dict[str, Any]:
    """A code cell as JSON data."""
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
