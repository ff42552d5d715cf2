"""What nobody has judged yet over fetched manifests: `python -m tests.audit DIR [--write]`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.audit.judged import SNAPSHOT, UNJUDGED, audit, write_snapshot


def main(arguments: list[str]) -> int:
    """Print what is new, changed and gone since the snapshot, and the table of verdicts.

    Ends with 1 when a finding is not judged as it stands. With `--write` the snapshot then holds what is
    found now; the verdicts of what is gone are lost.
    """
    names = [one for one in arguments if one != "--write"]
    if len(names) != 1 or not Path(names[0]).is_dir():
        print("usage: python -m tests.audit DIR [--write]", file=sys.stderr)
        return 2
    directory = Path(names[0])
    seen = audit(directory)
    for word, findings in (("new", seen.new), ("changed", seen.changed), ("gone", seen.gone)):
        for one in findings:
            print(f"{word}: {one}")
    print(f"{seen.repositories} repositories, {seen.pods} pods, {seen.unread} files not read")
    print(seen.table(), end="")
    if "--write" in arguments:
        write_snapshot(directory / SNAPSHOT, seen.found)
    return int(bool(seen.changed) or any(one.verdict == UNJUDGED for one in seen.found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
