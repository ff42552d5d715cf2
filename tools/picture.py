"""`python -m tools.picture [--check]`: draw the seed pod as the README shows it.

Exits with 1 where (`--check`) the picture that is there is stale.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from podlint.engine.run import view_paths
from podlint.findings import Severity
from podlint.picture.build import picture_of
from podlint.picture.svg import draw
from tools.generated import keep

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "seed.svg"
SEED = "fixtures/seed/stage-2.yaml"


def drawn() -> str:
    """What `podlint graph --format svg` prints of the seed, seen from the root of the repository."""
    [seed] = [one for one in view_paths([SEED], checked=True) if one.pod is not None]
    assert seed.pod is not None
    return draw(picture_of(seed.pod, seed.findings).at_least(Severity.WARNING)) + "\n"


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(keep(PICTURE, drawn(), sys.argv[1:]))
