"""podlint reads Kubernetes manifests as kubelet, shell and file system would, and reports what goes wrong."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from podlint.engine.options import Options
    from podlint.engine.run import lint_paths, lint_text
    from podlint.findings import Finding, Label, Report, Severity

__version__ = "0.1.0"

__all__ = ["Finding", "Label", "Options", "Report", "Severity", "__version__", "lint_paths", "lint_text"]

_HOMES = {
    "Finding": "podlint.findings",
    "Label": "podlint.findings",
    "Options": "podlint.engine.options",
    "Report": "podlint.findings",
    "Severity": "podlint.findings",
    "lint_paths": "podlint.engine.run",
    "lint_text": "podlint.engine.run",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `podlint --version` pays for none of them."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'podlint' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value
