"""What an analysis may look at besides its input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from podlint.budget import Budget
from podlint.engine.options import Options
from podlint.manifest.configmaps import NO_CONFIG_MAPS, ConfigMapLookup

if TYPE_CHECKING:
    from podlint.knowledge.knowledge import Knowledge


class Context(Struct, frozen=True):
    """The options of the run, the ConfigMaps that the pods of the input can refer to, what is known of
    commands and images, and how much work may be done."""

    options: Options = Options()
    config_maps: ConfigMapLookup = NO_CONFIG_MAPS
    knowledge: Knowledge | None = None
    """By default what comes with podlint, which is not read before a pod asks."""
    budget: Budget | None = None
    """What the document at hand may still cost; None before there is one."""
