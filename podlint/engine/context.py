"""What an analysis may look at besides its input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from podlint.budget import Budget
from podlint.engine.kustomizations import NewImage
from podlint.engine.options import Options
from podlint.manifest.autoscaling import NO_SCALING, ScalingLookup
from podlint.manifest.configmaps import NO_CONFIG_MAPS, ConfigMapLookup
from podlint.manifest.monitoring import NO_MONITORS, MonitorLookup
from podlint.manifest.services import NO_SERVICES, ServiceLookup

if TYPE_CHECKING:
    from podlint.engine.ignoring import Ignoring


class Context(Struct, frozen=True):
    """The options for the input, the ConfigMaps that its pods can refer to, the autoscalers that may scale
    them, the PodMonitors that may select them, and how much work may be done.

    `patched`: the fields that a kustomization may add to its pods; `images`: what one makes of their images;
    `services`: the Services of the run.
    """

    options: Options = Options()
    config_maps: ConfigMapLookup = NO_CONFIG_MAPS
    patched: frozenset[str] = frozenset()
    scaling: ScalingLookup = NO_SCALING
    monitors: MonitorLookup = NO_MONITORS
    budget: Budget | None = None
    """What the document at hand may still cost; None before there is one."""
    images: tuple[NewImage, ...] = ()
    services: ServiceLookup = NO_SERVICES
    ignoring: Ignoring | None = None
    """What is ignored in the input; None where no rules are asked."""
