"""What an analysis may look at besides its input."""

from __future__ import annotations

from msgspec import Struct

from podlint.engine.options import Options
from podlint.manifest.configmaps import NO_CONFIG_MAPS, ConfigMapLookup


class Context(Struct, frozen=True):
    """The options of the run, and the ConfigMaps that the pods of the input can refer to."""

    options: Options = Options()
    config_maps: ConfigMapLookup = NO_CONFIG_MAPS
