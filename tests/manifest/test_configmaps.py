"""ConfigMaps: what is read, and which one a pod means among all of a run."""

from __future__ import annotations

from pathlib import Path
from random import Random
from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from podlint.manifest.configmaps import (
    MAX_HELD,
    ConfigMapIndex,
    ConfigMapTable,
    entries_of,
    read_config_maps,
)
from podlint.manifest.objects import ConfigMap
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import split
from podlint.source.span import Source
from tests.source.reading import roots


def config_maps(text: str) -> list[ConfigMap]:
    return [found for root in roots(dedent(text)) for found in read_config_maps(root)]


def shown(found: ConfigMap | None) -> tuple[str, str, dict[str, str]] | None:
    if found is None:
        return None
    return found.namespace, found.name, {key: text.value for key, text in found.data.items()}


def test_data_is_text_with_its_place() -> None:
    (found,) = config_maps(
        """\
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: c, namespace: n}
        data:
          run.sh: |
            echo one
          number: 5
          empty: ""
          nothing:
          wrong: [x]
        binaryData: {blob: AAAA}
        """
    )
    assert shown(found) == ("n", "c", {"run.sh": "echo one\n", "number": "5", "empty": ""})
    assert found.data["run.sh"].span(5, 8).raw == "one"
    assert found.data["run.sh"].span(5, 8).position == (6, 10)


def test_items_of_lists_are_read_in_order() -> None:
    found = config_maps(
        """\
        kind: List
        items:
        - {kind: ConfigMap, metadata: {name: a}, data: {k: "1"}}
        - {kind: Secret, metadata: {name: s}, data: {k: x}}
        - kind: ConfigMapList
          items: [{kind: ConfigMap, metadata: {name: b}}]
        ---
        {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"k": "2"}}
        """
    )
    assert [(one.name, one.secret) for one in found] == [
        ("a", False),
        ("s", True),
        ("b", False),
        ("c", False),
    ]


NO_CONFIG_MAPS = {
    "empty": "",
    "another kind": "kind: Service\nmetadata: {name: a}\n",
    "no name": "kind: ConfigMap\nmetadata: {}\n",
    "no mapping": "- kind: ConfigMap\n",
    "wrong types": "kind: [ConfigMap]\nmetadata: x\ndata: [y]\n",
}


@pytest.mark.parametrize("text", NO_CONFIG_MAPS.values(), ids=NO_CONFIG_MAPS)
def test_no_config_maps(text: str) -> None:
    assert config_maps(text) == []


def of(namespace: str, value: str) -> ConfigMap:
    return config_maps(
        f"kind: ConfigMap\nmetadata: {{name: c, namespace: '{namespace}'}}\ndata: {{k: {value}}}\n"
    )[0]


MEANT = {
    "same namespace": ("n", ["n"], "n"),
    "none at all": ("", [""], ""),
    "none is default": ("", ["default"], "default"),
    "default is none": ("default", [""], ""),
    "the only one": ("", ["n"], "n"),
    "another namespace": ("m", ["n"], None),
    "not for a pod elsewhere": ("m", [""], None),
    "one of two": ("n", ["m", "n"], "n"),
    "neither of two": ("", ["m", "n"], None),
    "default before others": ("", ["m", ""], ""),
}


@pytest.mark.parametrize(("namespace", "there", "expected"), MEANT.values(), ids=MEANT)
def test_which_namespace_is_meant(namespace: str, there: list[str], expected: str | None) -> None:
    found = ConfigMapTable(of(one, "x") for one in there).get(namespace, "c")
    assert (found and found.namespace) == expected


def test_the_last_of_equal_ones_is_applied_last() -> None:
    found = ConfigMapTable([of("n", "first"), of("n", "second")]).get("n", "c")
    assert shown(found) == ("n", "c", {"k": "second"})


class Files:
    """Files by path, and how often each was read again."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = {path: dedent(text) for path, text in files.items()}
        self.reads: list[str] = []
        sources = (Source(path, text) for path, text in self.files.items())
        entries = (entry for source in sources for entry in entries_of(split(source)))
        self.index = ConfigMapIndex(entries, self.read)

    def read(self, path: str) -> Source | None:
        self.reads.append(path)
        return Source(path, self.files[path]) if path in self.files else None


def block(name: str, value: str, namespace: str = "") -> str:
    lines = f"  namespace: {namespace}\n" if namespace else ""
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n{lines}data:\n  k: {value}\n---\n"


LAYOUTS = {
    "usual": block("c", "x", "n"),
    "kind last": 'metadata:\n  labels:\n    name: other\n  name: "c" # here\n  namespace: n\n'
    "data: {k: x}\nkind: ConfigMap\n",
    "comments and blank lines": "kind: ConfigMap # a\nmetadata: # b\n\n# c\n    namespace: n\n\n# d\n"
    "    name: 'c'\ndata:\n  k: x\n",
    "carriage returns": block("c", "x", "n").replace("\n", "\r\n"),
    "flow": "{kind: ConfigMap, metadata: {name: c, namespace: n}, data: {k: x}}\n",
    "json": '{"kind": "ConfigMap",\n "metadata": {"name": "c", "namespace": "n"}, "data": {"k": "x"}}\n',
    "list": "kind: List\nitems:\n- kind: ConfigMap\n  metadata:\n    name: c\n    namespace: n\n"
    "  data: {k: x}\n",
    "names behind aliases": "kind: ConfigMap\nx: &c c\nmetadata:\n  name: *c\n  namespace: n\ndata: {k: x}\n",
    "metadata twice": "kind: ConfigMap\nmetadata:\n  name: d\nmetadata: {name: c, namespace: n}\n"
    "data: {k: x}\n",
    "after other documents": block("d", "y", "n") + "kind: Pod\n---\n" + block("c", "x", "n"),
    "a manifest inside another": block("d", "y", "n")
    + "kind: ConfigMap\nmetadata:\n  name: c\n  namespace: n\n"
    "data:\n  k: x\n  more: |\n    kind: ConfigMap\n    metadata:\n      name: z\n",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_is_found(text: str) -> None:
    found = Files({"a.yaml": text}).index.get("n", "c")
    assert found is not None
    assert (found.namespace, found.name, found.data["k"].value) == ("n", "c", "x")


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_searching_and_parsing_agree(text: str) -> None:
    files = Files({"a.yaml": text})
    parsed = [one for d in split(Source("a.yaml", text)) for one in read_config_maps(compose(d))]
    for one in parsed:
        assert shown(files.index.get(one.namespace, one.name)) == shown(one)


def test_nothing_is_read_again_before_a_pod_asks_and_then_only_once() -> None:
    files = Files({"a.yaml": block("c", "x"), "b.yaml": block("d", "y"), "c.yaml": "kind: Pod\n"})
    assert files.reads == []
    assert files.index.get("", "nobody") is None
    assert files.reads == []
    for _ in range(3):
        assert shown(files.index.get("", "d")) == ("", "d", {"k": "y"})
    assert files.reads == ["b.yaml"]


def test_only_the_most_recent_are_kept() -> None:
    files = Files({f"{n}.yaml": block(f"c{n}", "x" * (MAX_HELD // 8)) for n in range(20)})
    for n in range(20):
        assert files.index.get("", f"c{n}") is not None
    files.index.get("", "c19")
    assert len(files.reads) == 20
    files.index.get("", "c0")
    assert len(files.reads) == 21


def test_the_nearest_of_one_name_is_meant() -> None:
    files = Files(
        {
            "base/app.yaml": block("c", "base-app"),
            "base/maps.yaml": block("c", "base-maps"),
            "prod/maps.yaml": block("c", "prod") + block("e", "prod-e"),
            "twice.yaml": block("c", "once") + block("c", "again"),
        }
    )
    meant = {
        path: shown(files.index.near(path).get("", "c"))
        for path in ("base/app.yaml", "base/pod.yaml", "prod/pod.yaml", "twice.yaml", "other/pod.yaml")
    }
    assert meant == {
        "base/app.yaml": ("", "c", {"k": "base-app"}),
        "base/pod.yaml": None,
        "prod/pod.yaml": ("", "c", {"k": "prod"}),
        "twice.yaml": ("", "c", {"k": "again"}),
        "other/pod.yaml": None,
    }
    assert shown(files.index.near("other/pod.yaml").get("", "e")) == ("", "e", {"k": "prod-e"})


def test_the_nearest_directory_counts() -> None:
    files = Files(
        {
            "shop/proxy/maps.yaml": block("c", "shop"),
            "/bank/v1/maps.yaml": block("c", "bank"),
            "/bank/v2/a/maps.yaml": block("c", "a"),
            "/bank/v2/b/maps.yaml": block("c", "b"),
        }
    )
    meant = {
        "shop/proxy/nodes/pod.yaml": "shop",
        "shop/pod.yaml": "shop",
        "/bank/v1/pods/pod.yaml": "bank",
        "/bank/v2/a/x/y/pod.yaml": "a",
        "/bank/v2/pod.yaml": None,
        "/bank/v3/pod.yaml": None,
        "elsewhere/pod.yaml": None,
    }
    for path, value in meant.items():
        found = files.index.near(path).get("", "c")
        assert (found and shown(found)) == (value and ("", "c", {"k": value})), path


def test_a_file_that_is_gone_or_changed_gives_nothing() -> None:
    files = Files({"a.yaml": block("c", "x"), "b.yaml": block("d", "x")})
    del files.files["a.yaml"]
    files.files["b.yaml"] = "}" * 200
    assert files.index.get("", "c") is None
    assert files.index.get("", "d") is None


def test_a_file_that_cannot_be_opened_gives_nothing(tmp_path: Path) -> None:
    def read(path: str) -> Source:
        return Source(path, Path(path).read_text(encoding="utf-8"))

    index = ConfigMapIndex(entries_of(split(Source(str(tmp_path / "gone.yaml"), block("c", "x")))), read)
    assert index.get("", "c") is None


def test_the_index_of_a_large_file_holds_no_text() -> None:
    text = "kind: ConfigMap\nmetadata:\n  name: c\ndata:\n  k: |\n" + "    name: x\n" * 50_000
    index = ConfigMapIndex(entries_of(split(Source("a.yaml", text))), lambda path: Source(path, text))
    assert list(index._named._by_name) == [("ConfigMap", "c")]
    assert index._opened == {}


NAMES = st.sampled_from(
    ["  name: c\n", "  name: 'd'\n", "   name: e\n", "  name: |\n    f\n", "  name: *g\n"]
)
LINES = st.sampled_from(
    ["# x\n", "\n", "  \n", "  labels:\n    name: h\n", "  namespace: n\n", "  a: &g i\n"]
)
BLOCKS = st.tuples(st.lists(LINES, max_size=3), NAMES, st.lists(LINES, max_size=3)).map(
    lambda parts: "metadata:\n" + "".join([*parts[0], parts[1], *parts[2]])
)
OTHERS = st.sampled_from(
    ["data: {k: x}\n", "metadata: {name: j}\n", "# kind: List\n", "kind: List\n", "items: []\n"]
)


@settings(max_examples=300)
@example(["metadata:\n  name: |\n    f\n# x\n  namespace: n\n"], [], Random(0))
@given(
    st.lists(BLOCKS, min_size=1, max_size=2), st.lists(OTHERS, max_size=3), st.randoms(use_true_random=False)
)
def test_whatever_the_parser_finds_the_search_finds_too(
    blocks: list[str], others: list[str], random: Random
) -> None:
    """A name that the search gleaned wrongly would hide a ConfigMap for good."""
    parts = [*blocks, *others, "kind: ConfigMap\n"]
    random.shuffle(parts)
    text = "".join(parts)
    try:
        parsed = [one for d in split(Source("a.yaml", text)) for one in read_config_maps(compose(d))]
    except InvalidYaml:
        return
    files = Files({"a.yaml": text})
    for one in parsed:
        assert shown(files.index.get(one.namespace, one.name)) == shown(one)


def test_keys_are_those_without_text_too() -> None:
    (found,) = config_maps(
        """\
        kind: ConfigMap
        metadata: {name: c}
        data: {a: x, nothing: }
        binaryData: {blob: AAAA}
        """
    )
    assert found.keys == {"a", "nothing", "blob"}
    assert found.span is not None and found.span.raw == "c"


@pytest.mark.parametrize(
    "rest",
    [
        "metadata: {name: c}",
        "metadata: {name: c}\ndata: {}",
        "metadata: {name: c}\ndata: TEXT",
        "metadata: {name: c}\ndata: {a: x, <NAME>: y}",
        "metadata: {name: c, labels: {config.openshift.io/inject-trusted-cabundle: 'true'}}\ndata: {a: x}",
        "metadata: {name: c, annotations: {replicator.v1.mittwald.de/replicate-from: a/b}}\ndata: {a: x}",
        "metadata: {name: c}\ntype: kubernetes.io/service-account-token\ndata: {a: x}",
    ],
)
def test_keys_are_not_known_where_others_may_add_some(rest: str) -> None:
    (found,) = config_maps(f"kind: Secret\n{rest}\n")
    assert found.keys is None
