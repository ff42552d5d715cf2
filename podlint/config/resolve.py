"""What is in force for each path: its configuration, and what the command line says besides."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from podlint.config.errors import ConfigurationError, Fault
from podlint.config.files import candidates, parent_of
from podlint.engine.options import Options
from podlint.findings import Severity
from podlint.manifest.versions import NEWEST, KubeVersion

if TYPE_CHECKING:
    from podlint.config.loading import Layer, Loaded

RECOMMENDED = "recommended"
"""The preset that holds where none is chosen: every rule, as its page says."""


class Wanted(Struct, frozen=True):
    """What the command line says about rules; it counts for more than a configuration.

    `preset` and `select` stand in place of both that a configuration has; `ignore` is added to its own.
    """

    preset: str | None = None
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    kube_version: KubeVersion | None = None
    today: str = ""
    debug: bool = False


class Resolver:
    """Finds the configuration of each path: the nearest one upward, or the only one there is."""

    def __init__(self, wanted: Wanted, only: str | None = None, *, enabled: bool = True) -> None:
        """With `only` that file holds for all paths, its patterns starting from the current directory;
        without `enabled` none is looked for.

        Raises `ConfigurationError` for a file that cannot be used.
        """
        self._wanted = wanted
        self._enabled = enabled and only is None
        self._only = _load(only, os.curdir) if only is not None else None
        if only is not None and self._only is None:
            raise ConfigurationError([Fault(only, "has no table [tool.podlint]")])
        self._of_directory: dict[str, Loaded | None] = {}
        self._of_named: dict[str, Loaded | None] = {}
        self._options: dict[tuple[Loaded | None, tuple[int, ...]], Options] = {}
        self.used: list[str] = [] if self._only is None else [self._only.path]
        """The files that have been in force for a path, as they are shown."""

    def of_run(self, paths: Sequence[str]) -> Loaded | None:
        """The configuration that says what a run with these paths shows and when it fails: that of the
        directory that they have in common."""
        named = [path for path in paths if path != "-"] or [os.curdir]
        try:
            common = os.path.commonpath([os.path.abspath(path) for path in named])
        except OSError:  # The current directory is gone.
            return self._only
        except ValueError:  # Paths on several drives of Windows.
            common = os.path.abspath(named[0])
        return self._nearest(common if os.path.isdir(common) else os.path.dirname(common))

    def of_path(self, path: str) -> Loaded | None:
        """The configuration that holds for a file."""
        # Asked for each entry of each directory: what they have in common is worked out once.
        directory, name = os.path.split(path)
        try:
            if name in ("", os.curdir, os.pardir):
                return self._nearest(os.path.dirname(os.path.abspath(path)))
            if directory not in self._of_named:
                self._of_named[directory] = self._nearest(os.path.abspath(directory))
        except FileNotFoundError:  # The current directory is gone.
            return self._only
        return self._of_named[directory]

    def excludes(self, path: str, is_directory: bool) -> bool:
        """Whether the configuration beside or above a path leaves it out."""
        loaded = self.of_path(path)
        return loaded is not None and loaded.exclude.match(path, is_directory)

    def options_for(self, path: str) -> Options:
        """The options for an input."""
        loaded = self.of_path(path)
        layers = [] if loaded is None else loaded.layers(path)
        key = (loaded, tuple(map(id, layers)))
        if key not in self._options:
            self._options[key] = InForce.of(layers, self._wanted).options(
                loaded, today=self._wanted.today, debug=self._wanted.debug
            )
        if loaded is not None and loaded.path not in self.used:
            self.used.append(loaded.path)
        return self._options[key]

    def _nearest(self, directory: str) -> Loaded | None:
        if not self._enabled:
            return self._only
        passed: list[str] = []
        current: str | None = directory
        found: Loaded | None = None
        while current is not None and found is None and current not in self._of_directory:
            passed.append(current)
            for path in candidates(current):
                found = found or _load(path, current)
            current = parent_of(current)
        if found is None and current is not None:
            found = self._of_directory[current]
        self._of_directory |= dict.fromkeys(passed, found)
        return found


def _load(path: str, directory: str) -> Loaded | None:
    # Most directories have none, and reading one needs more than a run over a small file does.
    from podlint.config.loading import load

    return load(path, directory)


class InForce(Struct, frozen=True):
    """What holds for a path, each value with what says so: a `Layer`, or None for the command line or, where
    nobody says anything, for podlint itself."""

    preset: tuple[str, Layer | None]
    select: tuple[frozenset[str], Layer | None]
    ignore: dict[str, Layer | None]
    severities: dict[str, tuple[Severity, Layer]]
    kube_version: tuple[KubeVersion, Layer | None]

    @classmethod
    def of(cls, layers: Sequence[Layer], wanted: Wanted) -> InForce:
        """What layers and the command line say together.

        A preset stands in place of the preset and the selection of those before it; all else adds up, and of
        what is said twice the last counts.
        """
        named = [(layer.preset, layer) for layer in layers if layer.preset is not None]
        preset: tuple[str, Layer | None] = named[-1] if named else (RECOMMENDED, None)
        after = list(layers[layers.index(named[-1][1]) :]) if named else list(layers)
        if wanted.preset is not None:
            preset, after = (wanted.preset, None), []
        ground = [] if preset[0] == RECOMMENDED else [_preset_layer(preset[0])]
        selects = [(one.select, one) for one in (*ground, *after) if one.select is not None]
        select: tuple[frozenset[str], Layer | None] = selects[-1] if selects else (frozenset(), None)
        together = [*ground, *layers]
        versions = [(one.kube_version, one) for one in together if one.kube_version is not None]
        return cls(
            preset,
            (wanted.select, None) if wanted.select else select,
            dict.fromkeys(wanted.ignore) | {rule: one for one in together for rule in one.ignore},
            {rule: (level, one) for one in together for rule, level in one.severities.items()},
            (wanted.kube_version, None)
            if wanted.kube_version
            else versions[-1]
            if versions
            else (NEWEST, None),
        )

    def options(self, loaded: Loaded | None, *, today: str, debug: bool) -> Options:
        """The same for the engine, with what the configuration says besides."""
        return Options(
            self.select[0],
            frozenset(self.ignore),
            tuple(
                sorted(
                    ((rule, level) for rule, (level, _) in self.severities.items()), key=lambda one: one[0]
                )
            ),
            kube_version=self.kube_version[0],
            knowledge=loaded.knowledge if loaded is not None else None,
            ignores=loaded.ignores if loaded is not None else (),
            require_reason=loaded.config.require_reason if loaded is not None else True,
            today=today,
            debug=debug,
        )


def _preset_layer(name: str) -> Layer:
    from podlint.config.loading import preset_layer

    return preset_layer(name)
