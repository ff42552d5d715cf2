"""unmeasurable-hpa: an autoscaler measures what a container uses against a request that it does not make."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.manifest.scaling import Autoscaler, Metric
from podlint.vocabulary import ContainerView, Note, PodView, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report autoscalers of the run that some container of the pod keeps from measuring, once for each."""
    # The controllers of other kinds may add requests.
    if pod.spec.requests or not pod.is_built_in:
        return
    for autoscaler in pod.spec.autoscalers:
        missing = [(metric, one) for metric in autoscaler.metrics for one in _lacking(metric, pod)]
        if missing:
            yield _problem(autoscaler, missing)


def _lacking(metric: Metric, pod: PodView) -> list[ContainerView]:
    """The containers that are measured and request nothing, in the order in which the controller asks."""
    return [
        container
        for container in sorted(pod.running, key=lambda one: one.spec.role.value)
        if metric.container in ("", container.spec.name)
        and container.spec.requests is not None
        and metric.resource not in container.spec.requests
    ]


def _problem(autoscaler: Autoscaler, missing: list[tuple[Metric, ContainerView]]) -> Problem:
    (metric, container), *_ = missing
    resources = list(dict.fromkeys(one.resource for one, other in missing if other is container))
    others = dict.fromkeys(other for _, other in missing if other is not container)
    lost = {one.span for one, _ in missing}
    which = f'autoscaler "{autoscaler.name}"'
    follows = "does not scale"
    if autoscaler.others or any(one.span not in lost for one in autoscaler.metrics):
        follows = "only scales up, by its other metrics"
    return Problem(
        f'"{container.name}" requests no {" and no ".join(resources)}, which the {which} measures by',
        Note(container, f"no request for {' and '.join(resources)}"),
        outcome=f'the autoscaler fails with "missing request for {metric.resource} in container '
        f'{container.name}", and {follows}',
        notes=(
            Note(metric.span, f'"{autoscaler.name}" measures {metric.resource} here'),
            *(Note(other, "requests none either") for other in others),
        ),
        help=f"add `resources: {{requests: {{{_requests(resources)}}}}}`"
        + ("" if metric.container else ", or measure one container (ContainerResource)"),
        container=container,
        causes=(("autoscaler", autoscaler.name, metric.span),),
    )


def _requests(resources: list[str]) -> str:
    """What a small container may request, to begin with."""
    return ", ".join(f"{one}: {'10m' if one == 'cpu' else '32Mi'}" for one in resources)
