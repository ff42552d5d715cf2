"""The colours of a drawn picture, in light and in dark surroundings."""

from __future__ import annotations

LIGHT = {
    "ground": "#ffffff",
    "band": "#f4f6f8",
    "line": "#d5dbe1",
    "text": "#1f2933",
    "muted": "#5a6672",
    "gives": "#e4eef9",
    "gives-edge": "#8fb2da",
    "gives-text": "#1b4071",
    "takes": "#e1f2ea",
    "takes-edge": "#86bda2",
    "takes-text": "#184d35",
    "else": "#eef0f2",
    "else-edge": "#b9c1c9",
    "else-text": "#38424c",
    "flow": "#6f8299",
    "accent": "#c2410c",
    "accent-tint": "#fdeee4",
    "on-accent": "#ffffff",
}
DARK = {
    "ground": "#14181d",
    "band": "#1b2128",
    "line": "#323b45",
    "text": "#e4e9ee",
    "muted": "#9ca8b4",
    "gives": "#1b2f45",
    "gives-edge": "#41698f",
    "gives-text": "#bcd7f5",
    "takes": "#17332a",
    "takes-edge": "#3d745e",
    "takes-text": "#b5e2ce",
    "else": "#262d35",
    "else-edge": "#505c68",
    "else-text": "#d0d7de",
    "flow": "#8295ab",
    "accent": "#ff9d66",
    "accent-tint": "#3b2416",
    "on-accent": "#14181d",
}

SANS = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"
MONO = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--pp-{name}:{value};" for name, value in colours.items())


_RULES = f"""
text{{font:12px {SANS};fill:var(--pp-text)}}
.mono{{font-family:{MONO}}}
.small{{font-size:11px}}
.large{{font-size:15px}}
.bold{{font-weight:600}}
.muted{{fill:var(--pp-muted)}}
.ground{{fill:var(--pp-ground)}}
.band{{fill:var(--pp-band)}}
.box{{fill:var(--pp-ground);stroke:var(--pp-line)}}
.line{{stroke:var(--pp-line);fill:none}}
.life{{stroke:var(--pp-line);fill:none;stroke-dasharray:2 4}}
.flow{{stroke:var(--pp-flow);fill:none;stroke-width:1.5}}
.flow.maybe{{stroke-dasharray:4 3}}
.head{{fill:var(--pp-flow)}}
.loop{{fill:none;stroke-width:1.3;stroke-linecap:round}}
.gives rect{{fill:var(--pp-gives);stroke:var(--pp-gives-edge)}}
.gives text{{fill:var(--pp-gives-text)}}
.gives .loop{{stroke:var(--pp-gives-text)}}
.takes rect{{fill:var(--pp-takes);stroke:var(--pp-takes-edge)}}
.takes text{{fill:var(--pp-takes-text)}}
.takes .loop{{stroke:var(--pp-takes-text)}}
.else rect{{fill:var(--pp-else);stroke:var(--pp-else-edge)}}
.else text{{fill:var(--pp-else-text)}}
.else .loop{{stroke:var(--pp-else-text)}}
.maybe rect{{stroke-dasharray:3 2.5;fill:var(--pp-ground)}}
.rule{{stroke:var(--pp-line);fill:none;stroke-width:.6}}
.then{{stroke:var(--pp-muted);fill:none;stroke-width:1.5}}
.ring{{fill:none;stroke:var(--pp-accent);stroke-width:1.6}}
.ring.quiet{{stroke:var(--pp-muted);stroke-width:1}}
.error circle{{fill:var(--pp-accent);stroke:var(--pp-accent)}}
.error text{{fill:var(--pp-on-accent)}}
.warning circle{{fill:var(--pp-accent-tint);stroke:var(--pp-accent)}}
.warning text{{fill:var(--pp-accent)}}
.info circle{{fill:var(--pp-ground);stroke:var(--pp-muted)}}
.info text{{fill:var(--pp-muted)}}
text.accent{{fill:var(--pp-accent)}}
"""

STYLE = (
    f".podlint-picture{{{_variables(LIGHT)}}}"
    f"@media (prefers-color-scheme:dark){{.podlint-picture{{{_variables(DARK)}}}}}"
    + "".join(
        ",".join(f".podlint-picture {one}" for one in rule.partition("{")[0].split(","))
        + rule[rule.index("{") :]
        for rule in _RULES.strip().split("\n")
    )
)
"""A style sheet for pictures, for nothing else in the document that they stand in."""
