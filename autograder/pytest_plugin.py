"""What the kit adds to pytest: `--submission` and the `attempt` fixture for hidden graders."""

from __future__ import annotations
