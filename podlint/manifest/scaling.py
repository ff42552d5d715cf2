"""What changes the number of a workload's pods, as a pod sees it."""

from __future__ import annotations

from msgspec import Struct

from podlint.source.span import Span


class Metric(Struct, frozen=True):
    """A metric by which an autoscaler measures what containers use against what they request: a resource, and
    the name of the container, "" for the whole pod."""

    resource: str
    container: str
    span: Span


class Autoscaler(Struct, frozen=True):
    """A HorizontalPodAutoscaler of the run that scales the pod's workload. `others`: it has metrics besides,
    which need no requests."""

    name: str
    replicas: int | None
    """`maxReplicas`."""
    metrics: tuple[Metric, ...]
    others: bool
    span: Span
    """Where it says what it scales."""
