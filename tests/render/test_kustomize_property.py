"""Whatever kustomize builds: another value, written where one is said to stand, is built in its place."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from tests.render.building import Known, Route, known, needs_kustomize, write
from tests.render.kustomizations import trees

pytestmark = needs_kustomize

_FREE = ("args", "value", "image", "workingDir", "annotations", "paused")
_END_OF_BLOCK = re.compile(r"(?:\\n|\s)*\Z")


def is_free(route: Route) -> bool:
    """Whether any text will do there."""
    return any(step in _FREE for step in route[-2:])


def changed(
    files: Mapping[str, str], found: Mapping[tuple[str, Route], Known]
) -> dict[tuple[str, Route], str]:
    """Write another value at each place that a free value is said to come from; which value is to be built
    where."""
    fresh = (f"fresh-{number}" for number in count())
    at = {(one.path, one.start, one.end): "" for key, one in found.items() if is_free(key[1])}
    texts = dict(files)
    for path, start, end in sorted(at, reverse=True):
        at[path, start, end] = next(fresh)
        raw = texts[path][start:end]
        # The last line break of a block scalar belongs to it.
        behind = _END_OF_BLOCK.search(raw)[0] if raw.startswith("|") else ""
        texts[path] = f"{texts[path][:start]}{at[path, start, end]}{behind}{texts[path][end:]}"
    for path, text in texts.items():
        Path(path).write_bytes(text.encode())
    return {key: at[one.path, one.start, one.end] for key, one in found.items() if is_free(key[1])}


# Each try runs kustomize twice: making a failing one smaller would take minutes.
@settings(
    derandomize=True,
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(trees())
def test_each_value_is_built_from_where_it_is_said_to_stand(files: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        top = Path(directory).resolve()
        write(top, files)
        found = known(top, "top")
        assert {one.how for one in found.values()} <= {"exact", "sure"}
        assert all(one.how == "exact" for key, one in found.items() if is_free(key[1]))
        texts = {str(top / name): text for name, text in files.items()}
        absolute = {key: one._replace(path=str(top / one.path)) for key, one in found.items()}
        expected = changed(texts, absolute)
        built = known(top, "top")
        assert {key: built[key].value for key in expected} == expected
