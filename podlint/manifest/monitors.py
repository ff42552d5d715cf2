"""What scrapes a pod, as the pod sees it."""

from __future__ import annotations

from msgspec import Struct

from podlint.source.span import Span


class ScrapedPort(Struct, frozen=True):
    """A port that a PodMonitor names: the name that a container gives it, or its number."""

    port: str | int
    span: Span


class PodMonitor(Struct, frozen=True):
    """A PodMonitor of the run that selects the pod. Prometheus scrapes the ports that containers declare, and
    drops those that it does not name."""

    name: str
    ports: tuple[ScrapedPort, ...]
    met: bool
    """Whether a pod of the run that it selects, this one or another, declares one of these ports."""
