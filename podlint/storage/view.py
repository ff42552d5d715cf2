"""A pod as the rules see it: every container's processes, and where what they do to files really lands."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import ReferenceType, ref

from msgspec.structs import asdict

from podlint.budget import Budget
from podlint.configs.programs import missing_configuration
from podlint.knowledge.knowledge import Knowledge, built_in
from podlint.knowledge.references import has_old_dash, shell_by_tag
from podlint.manifest.configmaps import ConfigMapLookup
from podlint.manifest.model import Container, EnvVar, Mount, Pod, Role, Volume
from podlint.manifest.versions import NEWEST, KubeVersion
from podlint.manifest.workloads import SPEC_PATHS
from podlint.shell.effects import Action, Call, Doubt, Duration, Effect, Hold, Repeats
from podlint.shell.endpoints import Signal
from podlint.shell.patterns import Pattern, absolute, split_last
from podlint.shell.process import Process
from podlint.source.span import Span
from podlint.source.text import Text, Whole
from podlint.storage.mounted_files import MountedFiles, PodFiles
from podlint.storage.places import Kind, Place, place_of, place_of_variable
from podlint.storage.running import run

if TYPE_CHECKING:
    from podlint.configs.settings import Setting


class PlacedEffect(Effect, frozen=True, eq=False, kw_only=True):
    """An effect with the container and the process that cause it, the place of its path, and (`target`) the
    place of its other path, for renames and links."""

    owner: ReferenceType[ContainerView]
    """The container, weakly: so a view is freed as soon as nobody looks at it, and not only when the garbage
    collector runs."""
    process: Process
    place: Place
    target: Place | None

    @property
    def container(self) -> ContainerView:
        """The container whose process does it; it is there as long as somebody holds the view of the pod."""
        container = self.owner()
        assert container is not None
        return container

    @property
    def volume(self) -> Volume | None:
        """The volume that its path is on."""
        return self.place.volume

    @property
    def mount(self) -> Mount | None:
        """The mount through which its path is seen."""
        return self.place.mount

    @property
    def cause(self) -> Hashable:
        """Its path in its container, for `Problem.causes`: equal for all that the container does to it."""
        return (self.container, str(self.path))


class Effects(tuple[PlacedEffect, ...]):
    """A selection of effects, in the order in which they happen in each process.

    Each method keeps some of them, so that a rule reads as what it looks for:
    `pod.effects.writing().certain().on("emptyDir")`.
    """

    __slots__ = ()

    def that(self, accepts: Callable[[PlacedEffect], bool]) -> Effects:
        """Those that a predicate accepts."""
        return Effects(effect for effect in self if accepts(effect))

    def doing(self, *actions: Action) -> Effects:
        """Those with one of these actions."""
        return self.that(lambda effect: effect.action in actions)

    def reading(self) -> Effects:
        """Those that read a file."""
        return self.doing(Action.READ)

    def writing(self) -> Effects:
        """Those that put content into a file."""
        return self.that(lambda effect: effect.action.writes)

    def making(self) -> Effects:
        """Those after which a file or a directory may be there that was not before."""
        return self.that(lambda effect: effect.action.makes)

    def renaming(self) -> Effects:
        """Those that give a file another name."""
        return self.doing(Action.RENAME)

    def removing(self) -> Effects:
        """Those that remove a file or an empty directory."""
        return self.doing(Action.DELETE, Action.RMDIR)

    def by(self, *commands: str) -> Effects:
        """Those of one of these commands."""
        return self.that(lambda effect: effect.by in commands)

    def certain(self) -> Effects:
        """Those that surely happen."""
        return self.that(lambda effect: effect.certain)

    def repeated(self) -> Effects:
        """Those that happen in a loop, whether or not it ends."""
        return self.that(lambda effect: effect.repeats is not Repeats.ONCE)

    def held(self) -> Effects:
        """Those whose descriptor is kept open for the life of the process."""
        return self.that(lambda effect: effect.hold is Hold.HELD)

    def on(self, *volume_kinds: str) -> Effects:
        """Those on a volume, of one of these kinds where any is given."""
        return self.that(
            lambda effect: (
                effect.place.kind is Kind.VOLUME
                and (not volume_kinds or (effect.volume is not None and effect.volume.kind in volume_kinds))
            )
        )

    def private(self) -> Effects:
        """Those in a container's own layer, which no other container sees."""
        return self.that(lambda effect: effect.place.kind is Kind.PRIVATE)

    def meeting(self, place: Place) -> Effects:
        """Those whose place may be this one."""
        return self.that(lambda effect: effect.place.may_be(place))

    def once_per_path(self) -> Effects:
        """The first of those that name one path in one container."""
        first: dict[tuple[int, Pattern], PlacedEffect] = {}
        for effect in self:
            first.setdefault((id(effect.container), effect.path), effect)
        return Effects(first.values())


class ContainerView:
    """A container with what its processes do, in order: the main process first, then probes and hooks, then
    the scripts in the configuration of its programs.

    `spec` is what the manifest says, `knowledge` what is known of commands and images. `configured` is what
    the configuration files of its programs say, as far as they are in the run. `reached`: no init container
    before it surely fails.
    """

    def __init__(
        self, spec: Container, pod_spec: Pod, files: MountedFiles, knowledge: Knowledge, budget: Budget
    ) -> None:
        self.spec = spec
        self.pod_spec = pod_spec
        self.files = files
        self.knowledge = knowledge
        self.image, self.reached = knowledge.image(spec.image), True
        self.processes, self.configured = run(spec, pod_spec, files, knowledge, budget)

    def __repr__(self) -> str:
        return f"ContainerView({self.name!r})"

    @property
    def span(self) -> Span:
        """Where the manifest names it."""
        return self.spec.span

    @cached_property
    def name(self) -> str:
        """The container's name; where it has none, as the API names its place (`containers[0]`)."""
        return self.spec.name or self.pod_spec.path_of(self.spec)

    @cached_property
    def env(self) -> dict[str, EnvVar]:
        """The entries of its `env` by name: of several with one name the last, which counts."""
        return {entry.name: entry for entry in self.spec.env}

    @cached_property
    def shell(self) -> tuple[str, bool]:
        """What `sh` is in its image (`dash`, `ash`, `bash`; "": not known), and whether that is certain."""
        if self.image is not None and self.image.official and self.image.shell not in ("", "none"):
            return self.image.shell, self.image.is_certain("shell")
        return shell_by_tag(self.spec.image), False

    @cached_property
    def has_old_dash(self) -> bool:
        """Whether its dash, if it has one, is from before 0.5.12-7, which knows `set -o pipefail`."""
        return bool(has_old_dash(self.spec.image))

    @property
    def main(self) -> Process:
        """Its main process."""
        return self.processes[0]

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What the configuration of its programs says, whether or not it is sure that it is read."""
        return tuple(found.setting for found in self.configured)

    @cached_property
    def configuration_is_whole(self) -> bool:
        """Whether the configuration that was read is all that says where its program listens."""
        if self.image is None or not self.configured:
            return False
        from podlint.configs.wholeness import is_whole

        return is_whole(self.spec, self.image, self.main, self.configured, self.files.knows_names_on)

    @cached_property
    def understood(self) -> bool:
        """Whether nothing can happen in it that `effects` does not tell."""
        return all(process.understood for process in self.processes)

    def missing_configuration(self) -> Iterator[Doubt]:
        """That a program finds its configuration in a ConfigMap that is not in the run."""
        is_missing = self.files.lacks_config_map
        for mount in missing_configuration(self.spec, self.main, self.knowledge, is_missing):
            reason = f'its configuration at "{mount.path}" is in a ConfigMap that is not in the run'
            yield Doubt(reason, text=Text(mount.path, Whole(mount.span)), start=0, end=len(mount.path))

    @property
    def is_running(self) -> bool:
        """Whether it runs together with the app containers: it is one of them, or a native sidecar."""
        return self.spec.role in (Role.APP, Role.SIDECAR)

    @property
    def is_restarted(self) -> bool:
        """Whether the kubelet starts it again whatever its exit code."""
        policy = "Always" if self.spec.role is Role.SIDECAR else self.spec.restart_policy
        return (policy or self.pod_spec.restart_policy) == "Always" and not self.spec.restart_rules

    @cached_property
    def effects(self) -> Effects:
        """What its processes do to files. Nothing is certain in a container that is never reached."""
        return Effects(
            self._placed(effect, process) for process in self.processes for effect in process.effects
        )

    def _placed(self, effect: Effect, process: Process) -> PlacedEffect:
        fields = asdict(effect)
        target = self.place_of(_target(effect)) if effect.to is not None else None
        place = self.place_of(effect.path)
        sure = effect.certain and place.certain and (target is None or target.certain)
        fields["certain"] = sure and self.reached
        return PlacedEffect(**fields, owner=ref(self), process=process, place=place, target=target)

    @property
    def calls(self) -> Iterator[Call]:
        """All commands that its processes call."""
        return (call for process in self.processes for call in process.calls)

    @property
    def signals(self) -> Iterator[Signal]:
        """All signals that its processes send."""
        return (signal for process in self.processes for signal in process.signals)

    def place_of(self, path: Pattern) -> Place:
        """Where a path of this container really lives."""
        mounts, links = self.files.mounts, self.knowledge.links(self.spec.image)
        return place_of(path, self.spec, self.pod_spec, mounts, links)

    @cached_property
    def variable_files(self) -> tuple[Place, ...]:
        """The files from which the kubelet takes variables when it starts the container."""
        return tuple(
            place_of_variable(entry.file, self.pod_spec) for entry in self.spec.env if entry.file is not None
        )

    def mounts_of(self, place: Place) -> tuple[Mount, ...]:
        """Its mounts of the volume that a place is on."""
        return self._mounts_by_volume.get(place.volume.identity, ()) if place.volume is not None else ()

    @cached_property
    def _mounts_by_volume(self) -> dict[tuple[str, ...], tuple[Mount, ...]]:
        found: dict[tuple[str, ...], list[Mount]] = {}
        for mount in self.spec.mounts:
            volume = self.pod_spec.volume(mount.volume)
            if volume is not None:
                found.setdefault(volume.identity, []).append(mount)
        return {identity: tuple(mounts) for identity, mounts in found.items()}


class PodView:
    """A pod with the views of its containers, in the manifest's order.

    `spec` is what the manifest says, `kube_version` the version of the cluster that the pod is for, and
    `knowledge` what is known of commands and images (by default what comes with podlint). Making a view runs
    the pod abstractly: it depends on the arguments alone, also on what of `budget` is left.
    """

    def __init__(
        self,
        spec: Pod,
        config_maps: ConfigMapLookup,
        kube_version: KubeVersion = NEWEST,
        knowledge: Knowledge | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.spec = spec
        self.kube_version = kube_version
        self.knowledge = built_in() if knowledge is None else knowledge
        budget = (budget or Budget()).part()
        self.files = PodFiles(spec, config_maps)
        """What its volumes show."""
        self.containers = tuple(
            ContainerView(container, spec, MountedFiles(container, self.files), self.knowledge, budget)
            for container in spec.containers
        )
        failing = next((i for i, container in enumerate(self.containers) if _surely_fails(container)), None)
        for index, container in enumerate(self.containers):
            waits = container.spec.role is Role.APP or (failing is not None and index > failing)
            container.reached = failing is None or not waits

    def __repr__(self) -> str:
        return f"PodView({self.title!r})"

    @property
    def title(self) -> str:
        """`Kind/name`, as people write it."""
        return self.spec.title

    @property
    def span(self) -> Span:
        """Where the manifest names it."""
        return self.spec.span

    @property
    def is_built_in(self) -> bool:
        """Whether its workload is of a kind of Kubernetes itself: no other controller adds to the pod."""
        return self.spec.kind in SPEC_PATHS

    @cached_property
    def running(self) -> tuple[ContainerView, ...]:
        """The containers that run together: apps and native sidecars."""
        return tuple(container for container in self.containers if container.is_running)

    @property
    def scripts(self) -> int:
        """How many shell scripts were read."""
        return sum(process.scripts for container in self.containers for process in container.processes)

    @property
    def shares_processes(self) -> bool:
        """Whether its containers see one another's processes."""
        return self.spec.share_process_namespace or self.spec.host_pid

    @cached_property
    def effects(self) -> Effects:
        """What all its containers do to files."""
        return Effects(effect for container in self.containers for effect in container.effects)

    def others(self, container: ContainerView) -> tuple[ContainerView, ...]:
        """The containers that run together with one, without it."""
        return tuple(other for other in self.running if other is not container)

    def volume(self, name: str) -> Volume | None:
        """The declared volume of that name."""
        return self.spec.volume(name)

    def collects(self, path: str) -> bool:
        """Whether a controller collects what lies at a path of a container (outputs of a workflow)."""
        return any(
            path == output or path.startswith(output.rstrip("/") + "/") for output in self.spec.outputs
        )

    def mentions(self, path: str) -> bool:
        """Whether an annotation of the pod or its workload names a path."""
        return path in self.spec.annotations

    def doubts(self) -> Iterator[tuple[ContainerView, Doubt]]:
        """What could not be followed, each reason once for each place: a function that is called from many
        places raises its doubts each time."""
        seen: set[tuple[object, ...]] = set()
        for container in self.containers:
            for doubt in container.missing_configuration():
                yield container, doubt
            for process in container.processes:
                for doubt in process.doubts:
                    key = (container.name, doubt.reason, *doubt.span[1:])
                    if key not in seen:
                        seen.add(key)
                        yield container, doubt


def _surely_fails(view: ContainerView) -> bool:
    main = view.main
    return view.spec.role is Role.INIT and main.status is False and main.duration is Duration.BRIEF


def _target(effect: Effect) -> Pattern:
    """The other path of a rename or a link; what a symbolic link says is told from where the link stands."""
    assert effect.to is not None
    if effect.action is Action.SYMLINK:
        return absolute(effect.to, split_last(effect.path)[0])
    return effect.to
