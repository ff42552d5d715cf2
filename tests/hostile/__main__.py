"""What each hostile input costs: `python -m tests.hostile [WORDS]`, for cases whose id holds the words."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.hostile.case import check
from tests.hostile.cases import ALL

print(f"{'size':>9} {'bytes':>9} {'code':>4} {'seconds':>7} {'MB':>5} {'calls':>10} {'report':>9}")
for case in ALL:
    for size in (case.small, case.large):
        if " ".join(sys.argv[1:]) in case.id:
            with tempfile.TemporaryDirectory() as directory:
                seen = check(case, size, Path(directory))
                length = sum(path.stat().st_size for path in Path(directory).rglob("*") if path.is_file())
            figures = f"{size:9} {length:9} {seen.code:4} {seen.seconds:7.2f} {seen.peak / 1e6:5.0f}"
            print(f"{figures} {seen.calls:10} {len(seen.shown):9}  {case.id}", flush=True)
            if "internal error" in seen.shown:
                print("  internal error")
