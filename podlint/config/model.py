"""The form of a configuration: one field for each key, which is written with hyphens (`per-path`)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

RuleOrGroup = Annotated[str, Meta(extra_json_schema={"$ref": "#/$defs/RuleOrGroup"})]
Level = Literal["error", "warning", "info"]
Patterns = Annotated[
    tuple[str, ...],
    Meta(description="Patterns as in a .gitignore, relative to the directory of the configuration."),
]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What can be said for all inputs, or for some of them."""

    preset: Annotated[
        str | None, Meta(description="A preset: which rules there are, and their severities.")
    ] = None
    select: Annotated[
        tuple[RuleOrGroup, ...] | None,
        Meta(description="Only these rules and groups, in place of those of the preset."),
    ] = None
    ignore: Annotated[tuple[RuleOrGroup, ...], Meta(description="Not these rules and groups.")] = ()
    severity: Annotated[
        dict[RuleOrGroup, Level],
        Meta(description="Severities of rules and groups, in place of those that their pages give."),
    ] = {}
    kube_version: Annotated[
        str | None, Meta(description='The version of Kubernetes that the manifests are for: "1.34".')
    ] = None


class PerPath(Part, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What holds for some paths besides."""

    paths: Patterns


class Ignore(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Findings to ignore: those of the rules, in the paths, the workload and the container where these are
    given."""

    rules: tuple[RuleOrGroup, ...]
    paths: Patterns = ()
    workload: Annotated[str, Meta(description="Kind and name of the workload: `Deployment/web`.")] = ""
    container: Annotated[str, Meta(description="The name of a container.")] = ""
    reason: Annotated[str, Meta(description="Why they are ignored.")] = ""
    until: Annotated[str, Meta(description="The last day on which they are: 2027-01-31.")] = ""


class Config(Part, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """The configuration of podlint: `.podlint.yaml`, or `[tool.podlint]` in pyproject.toml."""

    per_path: Annotated[
        tuple[PerPath, ...], Meta(description="What holds for some paths besides; the last that fits counts.")
    ] = ()
    ignores: Annotated[tuple[Ignore, ...], Meta(description="Findings to ignore.")] = ()
    require_reason: Annotated[bool, Meta(description="Whether an ignore counts only where it says why.")] = (
        True
    )
    exclude: Annotated[Patterns, Meta(description="Files and directories that are not read.")] = ()
    context: Annotated[
        tuple[str, ...],
        Meta(description="Directories that are read for what the pods refer to (`--context`)."),
    ] = ()
    baseline: Annotated[str | None, Meta(description="The baseline (`--baseline`).")] = None
    cache: Annotated[
        bool | None, Meta(description="Whether to keep what was found for the next run (`--no-cache`).")
    ] = None
    cache_dir: Annotated[
        str | None, Meta(description="The directory in which that is kept, inside this one (`--cache-dir`).")
    ] = None
    fail_on: Annotated[
        Level | None, Meta(description="The least severity that exits with 1 (`--fail-on`).")
    ] = None
    min_severity: Annotated[
        Level | None, Meta(description="The least severity that is shown (`--min-severity`).")
    ] = None
    strict: Annotated[
        bool | None, Meta(description="Exit with 3 also when anything was not understood (`--strict`).")
    ] = None
    render: Annotated[
        bool | None,
        Meta(
            description="Render Helm charts and kustomizations, which runs helm and kustomize (`--render`)."
        ),
    ] = None
    commands: Annotated[
        dict[str, dict[str, Any]],
        Meta(
            description="What commands do, each by its name.", extra_json_schema={"$ref": "#/$defs/Commands"}
        ),
    ] = {}
    images: Annotated[
        dict[str, dict[str, Any]],
        Meta(
            description="What images are and do, each by its repository.",
            extra_json_schema={"$ref": "#/$defs/Images"},
        ),
    ] = {}


class Preset(Part, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A preset, as `podlint/config/presets/` has them."""

    description: str
