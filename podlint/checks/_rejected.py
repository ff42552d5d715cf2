"""What the API server refuses: a workload of its own kinds at once, the pods of others when they are made."""

from __future__ import annotations

from podlint.manifest.model import Pod
from podlint.manifest.workloads import SPEC_PATHS


def rejected(pod: Pod) -> str:
    """The outcome for a pod that the API server does not accept."""
    whole = pod.kind in SPEC_PATHS
    return f"the API server rejects {'' if whole else 'the pods of '}{pod.title}"
