"""Mermaid itself, run in a browser without a network."""

from __future__ import annotations

import html
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

PROGRAM = "PODLINT_MERMAID"
"""The environment variable that names `dist/mermaid.min.js` of the npm package `mermaid`."""

_PAGE = """\
<!doctype html><meta charset="utf-8"><pre id="said">[]</pre>
<script src="{program}"></script>
<script id="charts" type="application/json">{charts}</script>
<script>
  mermaid.initialize({{ startOnLoad: false, securityLevel: "strict" }});
  (async () => {{
    const said = [];
    for (const [number, chart] of JSON.parse(document.getElementById("charts").textContent).entries()) {{
      try {{
        const {{ svg }} = await mermaid.render("m" + number, chart);
        const drawn = new DOMParser().parseFromString(svg, "text/html");
        const words = [...drawn.querySelectorAll(".nodeLabel, .edgeLabel .label, .cluster-label")];
        said.push({{
          words: words.map((one) => one.textContent),
          elements: [...new Set([...drawn.body.querySelectorAll("*")].map((one) => one.localName))],
          links: drawn.querySelectorAll("[href]").length,
        }});
      }} catch (error) {{
        said.push({{ error: String(error) }});
      }}
    }}
    document.getElementById("said").textContent = JSON.stringify(said);
  }})();
</script>
"""


def drawn_by_mermaid(charts: Sequence[str], directory: Path) -> list[dict[str, Any]]:
    """What Mermaid makes of each chart: its words, the names of its elements, how many links; or an error.

    Skips the test where there is no Mermaid or no browser, and fails it under PODLINT_REQUIRE_TOOLS=1.
    """
    program, browser = os.environ.get(PROGRAM, ""), shutil.which("chromium")
    if not Path(program).is_file() or browser is None:
        reason = f"no chromium, or no Mermaid at {PROGRAM}={program!r}"
        if os.environ.get("PODLINT_REQUIRE_TOOLS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    page = directory / "charts.html"
    encoded = json.dumps(list(charts)).replace("<", "\\u003c")
    page.write_text(_PAGE.format(program=Path(program).resolve().as_uri(), charts=encoded), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={directory / 'profile'}"]
    done = subprocess.run(
        [browser, *options, "--virtual-time-budget=60000", "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    said = html.unescape(done.stdout.partition('<pre id="said">')[2].partition("</pre>")[0])
    return list(json.loads(said))
