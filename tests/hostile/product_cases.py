"""Manifests in which podlint did something for each pair of two things, or kept too much of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.hostile.case import Case, Files, config_map, container, listed, pod, script, written


def _mounts(count: int, prefix: str = "/m") -> list[dict[str, str]]:
    return [{"name": "data", "mountPath": f"{prefix}{n}"} for n in range(count)]


def _with_config_map(number: int, config: str) -> dict[str, Any]:
    mounts = [{"name": "cm", "mountPath": "/scripts"}]
    one = script(f"sh /scripts/run.sh; echo {number}", volumeMounts=mounts)
    return pod(one, name=f"p{number}", volumes=[{"name": "cm", "configMap": {"name": config}}])


def _maps_and_pods(count: int) -> list[dict[str, Any]]:
    objects: list[dict[str, Any]] = []
    for n in range(count):
        objects += [
            config_map(f"c{n}", **{"run.sh": f"echo {n} > /data/{n}\n"}),
            _with_config_map(n, f"c{n}"),
        ]
    return objects


def _documents(count: int) -> bytes:
    return b"\n---\n".join(written(one) for one in _maps_and_pods(count))


def _large_maps(count: int) -> bytes:
    """Nine ConfigMaps of 100 KB that pods use in turn."""
    maps = [config_map(f"c{n}", **{"run.sh": "echo\n" * 20, "big": "x" * 100_000}) for n in range(9)]
    pods = [_with_config_map(n, f"c{n % 9}") for n in range(count)]
    return b"\n---\n".join(written(one) for one in [*maps, *pods])


def _many_keys(size: int) -> bytes:
    """A ConfigMap of many keys in a tenth as many pods of nginx."""
    keys = {f"k{n}": "echo" for n in range(size)}
    volumes = [{"name": "v", "configMap": {"name": "cm"}}]
    one = {"name": "a", "image": "nginx", "volumeMounts": [{"name": "v", "mountPath": "/e"}]}
    return listed(
        config_map("cm", **keys), *(pod(one, name=f"p{n}", volumes=volumes) for n in range(size // 10))
    )


def _vague_writes(count: int) -> bytes:
    text = "".join(f"echo > /q$X/f{n}\n" for n in range(count))
    return written(pod(script(text, volumeMounts=_mounts(4 * count))))


def _signals(count: int) -> bytes:
    return written(pod(script("kill $(pidof a)\n" * count)))


def _unknown_environment(count: int) -> bytes:
    """Sources of variables that are not known, and ConfigMaps that are."""
    sources = [{"prefix": f"A{n}_", "configMapRef": {"name": f"unknown{n}"}} for n in range(count // 2)]
    sources += [{"configMapRef": {"name": "known"}}] * 2
    known = config_map("known", **{f"K{n}": "v" for n in range(count)})
    return listed(known, pod(script("echo $K1 > /data/$K2", envFrom=sources)))


def _environment(count: int) -> list[dict[str, str]]:
    return [{"name": f"V{n}", "value": f"value-{n}"} for n in range(count)]


def _branches(count: int) -> bytes:
    text = "if [ -f /data/x ]; then echo > /data/y; fi\n" * count
    return written(pod(script(text, env=_environment(20 * count))))


def _functions_with_environment(count: int) -> bytes:
    text = "".join(f"f{n}() {{ x{n}=1; echo > /data/f; }}\nf{n}\n" for n in range(count))
    return written(pod(script(text, env=_environment(10 * count))))


def _pipeline_with_environment(count: int) -> bytes:
    return written(pod(script("cat /data/f" + " | cat" * count, env=_environment(10 * count))))


def _other_side(count: int) -> bytes:
    """An init container that writes, and a container that has mounts."""
    init = script("".join(f"echo > /other/f{n}\n" for n in range(count)), name="i")
    others = script("cat /data/x", volumeMounts=_mounts(4 * count))
    return written(pod(others, initContainers=[init]))


def _tails(count: int) -> bytes:
    """A writer that moves files away, and readers of files with vague names."""
    texts = (
        "".join(f"mv /data/$A{n}.log /data/{n}.old\necho > /data/{n}.log\n" for n in range(count)),
        "".join(f"tail -f /data/$B{n}.log &\n" for n in range(count)) + "wait",
    )
    return written(pod(*(script(text, name=f"c{n}") for n, text in enumerate(texts))))


def _effects_of_many(*lines: str) -> Callable[[int], bytes]:
    """Containers that each do the same twenty times, to files of their own."""

    def make(containers: int) -> bytes:
        texts = (
            "".join(line.format(c=c, n=n) + "\n" for n in range(20) for line in lines) + "wait"
            for c in range(containers)
        )
        return written(pod(*(script(text, name=f"c{c}") for c, text in enumerate(texts))))

    return make


def _looping_documents(count: int) -> bytes:
    """Documents each of which costs as much as one may."""
    text = "".join(f"for {name} in 1 2 3 4 5 6 7 8 9; do " for name in "abcdef") + ":" + "; done" * 6
    loops = [script(text, name=f"c{n}") for n in range(6)]
    return b"\n---\n".join(written(pod(*loops, name=f"p{n}")) for n in range(count))


def _inits(count: int) -> bytes:
    inits = [
        {"name": f"i{n}", "image": "busybox", "command": ["sh", "-c", f"echo x > /q/f{n}"]}
        for n in range(count)
    ]
    return written(pod(container("a", "sleep", "1"), initContainers=inits))


def _writers_and_readers(count: int) -> bytes:
    return written(
        pod(
            *(
                script(f"while true; do date >> /data/{n}; done; cat /data/*", name=f"c{n}")
                for n in range(count)
            )
        )
    )


def _ports(count: int) -> bytes:
    ports = [{"containerPort": 80} for _ in range(count)]
    return written(pod(*(container(f"c{n}", "nc", "-lk", "-p", "80", ports=ports) for n in range(count))))


def _long_paths(containers: int) -> bytes:
    long = "/".join(["x" * 200] * 400)
    text = f"p=/data/{long}\n" + "".join(f"echo > $p/{n}\n" for n in range(1000))
    return written(pod(*(script(f"{text}: {n}", name=f"c{n}") for n in range(containers))))


def _repeated_keys(count: int) -> bytes:
    return b'{"kind": "Pod", "spec": {"containers": [{' + b'"a": 1, ' * count + b'"name": "a"}]}}'


def _repeated_keys_on_lines(count: int) -> bytes:
    return _repeated_keys(count).replace(b", ", b",\n")


def _large_scripts(containers: int) -> bytes:
    return written(
        pod(*(script(f"echo {n}\n" + "touch f\n" * 6000, name=f"c{n}") for n in range(containers)))
    )


def _long_scalar(size: int) -> bytes:
    return written(pod(container("a", "sleep", "1", env=[{"name": "A", "value": "x" * size + "😀"}])))


def _long_names(containers: int) -> bytes:
    text = "while true; do echo '$(date)' >> /data/x; done"
    return written(pod(*(script(text, name=f"c{n}" + "x" * 100_000) for n in range(containers))))


def _wrong_types(count: int) -> bytes:
    return written(
        pod(*({"name": [n], "image": {}, "command": 1, "env": 1, "ports": [1]} for n in range(count)))
    )


def _undeclared_volumes(count: int) -> bytes:
    mounts = [{"name": f"v{n}", "mountPath": f"/m{n}"} for n in range(count)]
    return written(pod(container("a", "sleep", "1", volumeMounts=mounts)))


_BAD = written(pod(script("while true; do date >> /data/x; done")))


def _ignoring(
    pattern: Callable[[int], str], lines: int, name: Callable[[int], str]
) -> Callable[[int], Files]:
    """A directory of some files with a .gitignore of some lines."""

    def make(size: int) -> Files:
        files = {name(n): _BAD for n in range(size)}
        return Files({".gitignore": "".join(pattern(n) + "\n" for n in range(lines)).encode()} | files)

    return make


def _ignoring_lines(count: int) -> Files:
    return Files({".gitignore": "".join(f"a{n}*b\n" for n in range(count)).encode(), "x.yaml": _BAD})


def _ignoring_deep(depth: int) -> Files:
    files = {"x.yaml": _BAD}
    for n in range(depth):
        files["d/" * n + ".gitignore"] = f"*.tmp{n}\n/build{n}\nlog{n}/*.txt\n".encode()
        files["d/" * n + "y.yaml"] = b"a: 1\n"
    return Files(files)


GROWING = [
    Case("B6", "documents of ConfigMaps and pods", _documents, 250, 1000),
    Case("B6", "a list of ConfigMaps and pods", lambda n: listed(*_maps_and_pods(n)), 400, 1600),
    Case("B6", "more ConfigMaps than are kept", _large_maps, 10, 40),
    Case("B6", "keys and pods", _many_keys, 500, 2000),
    Case("B7", "writes and mounts", _vague_writes, 100, 400),
    Case("B7", "signals and calls", _signals, 500, 2000),
    Case("B7", "sources of the environment and keys", _unknown_environment, 1000, 4000),
    Case("B7", "variables and branches", _branches, 200, 800),
    Case("B7", "writes of an init container and mounts", _other_side, 100, 400),
    Case("B7", "renames and readers", _tails, 25, 100),
    Case(
        "B7",
        "vague writes and reads",
        _effects_of_many("echo > /data/$X{c}_{n}.a", "cat /data/{c}_{n}"),
        12,
        48,
    ),
    Case(
        "B7",
        "vague writes and vague readers",
        _effects_of_many("echo > /data/$X{n}/a$Y", "tail -f /data/$Z/a$A &"),
        12,
        48,
    ),
    Case(
        "B7",
        "writes and readers",
        _effects_of_many("echo > /data/{c}_{n}", "tail -f /data/{c}_{n}x &"),
        10,
        40,
    ),
    Case("B7", "copies and copies", _effects_of_many("cp /data/{c}_{n} /data/{c}_{n}z"), 12, 48),
    Case("B7", "signals by name", _effects_of_many("kill -HUP $(pidof p{c}_{n})"), 12, 48),
    Case("B2", "documents with loops", _looping_documents, 3, 12),
    Case("B7", "init containers and init containers", _inits, 200, 800),
    Case("B7", "writers and readers", _writers_and_readers, 25, 100),
    Case("B7", "listeners and ports", _ports, 25, 100),
    Case("B8", "functions and variables", _functions_with_environment, 200, 800),
    Case("B8", "commands of a pipeline and variables", _pipeline_with_environment, 200, 800),
    Case("B8", "long paths", _long_paths, 1, 4),
    Case("B8", "repeated keys on one line", _repeated_keys, 12_500, 50_000),
    Case("B8", "repeated keys on lines of their own", _repeated_keys_on_lines, 12_500, 50_000),
    Case("B8", "large scripts", _large_scripts, 2, 8),
    Case("B8", "a long scalar", _long_scalar, 5_000_000, 20_000_000),
    Case("B8", "long names", _long_names, 10, 40),
    Case("B8", "wrong types", _wrong_types, 1000, 4000),
    Case("B8", "volumes that are not declared", _undeclared_volumes, 1000, 4000),
]

IGNORED = [
    Case(
        "B9",
        "patterns of stars",
        _ignoring(lambda n: f"*a*a*a{n}", 200, lambda n: f"f{n}" + "a" * 100 + ".yaml"),
        75,
        300,
    ),
    Case(
        "B9",
        "patterns of stars below any directory",
        _ignoring(lambda n: f"**/*a*a*a/**/x{n}", 50, lambda n: f"{'a' * 50}/{'a' * 50}/f{n}.yaml"),
        75,
        300,
    ),
    Case(
        "B9",
        "patterns of ranges",
        _ignoring(lambda _: "[a-z]*[a-z]*[a-z]*[a-z]*b", 1, lambda n: "f" + "a" * 200 + f"{n}.yaml"),
        25,
        100,
    ),
    Case("B9", "many lines", _ignoring_lines, 20_000, 80_000),
    Case("B9", "many nested files", _ignoring_deep, 100, 300),
    Case("B9", "a class that is none", _ignoring(lambda _: "[[:alpha:]]*z", 1, lambda n: f"{n}.yaml"), 1, 4),
]
