"""Programs that make files where they are told: what surely appears, and what only may."""

from __future__ import annotations

import pytest

from podlint.shell.patterns import literal
from tests.shell.running import process_of_script

CERTAIN = {
    "git clone https://git.example/a/shop.git /src/app": [
        "write /src/app/.git/HEAD",
        "write /src/app/.git/config",
    ],
    "cd /tmp; git clone --depth 1 git@git.example:a/shop.git": [
        "write /tmp/shop/.git/HEAD",
        "write /tmp/shop/.git/config",
    ],
    "cd /tmp; git clone --mirror https://git.example/shop": [
        "write /tmp/shop.git/HEAD",
        "write /tmp/shop.git/config",
    ],
    "git -C /src clone https://git.example/shop": [],
    "git status /src": [],
    "openssl req -x509 -newkey rsa:2048 -nodes -keyout /tls/k -out /tls/c -subj /CN=a": [
        "replace /tls/k",
        "replace /tls/c",
    ],
    "openssl x509 -req -in /tls/r -CA /tls/ca -CAkey /tls/k -CAcreateserial -out /tls/c -days 9": [
        "read /tls/r",
        "read /tls/ca",
        "read /tls/k",
        "replace /tls/c",
    ],
    "openssl s_client -connect localhost:443": [],
    "ssh-keygen -q -t ed25519 -N '' -f /keys/id": ["replace /keys/id", "replace /keys/id.pub"],
    "ssh-keygen -y -f /keys/id": [],
    "keytool -genkeypair -alias a -keystore /tls/s.p12 -dname CN=a": ["replace /tls/s.p12"],
    "keytool -list -keystore /tls/s.p12": [],
    "pip install -r /src/requirements.txt --target /deps": ["read /src/requirements.txt"],
    "curl -sO --output-dir /data https://files.example/model.bin": ["replace /data/model.bin"],
    "aws s3 cp s3://bucket/model.bin /data/": ["write /data/model.bin"],
    "aws s3 cp /data/out.csv s3://bucket/out.csv": ["read /data/out.csv"],
    "aws s3 sync s3://bucket /data": [],
    "gsutil cp gs://bucket/a/model.bin /data/": ["write /data/model.bin"],
    "kubectl cp team/pod:/tmp/a /data/a": [],
    "kubectl get pods -o jsonpath={.items[0].metadata.name} > /data/name": ["replace /data/name"],
    "useradd -r -d /srv/app -s /bin/false app": [],
}


@pytest.mark.parametrize(("script", "expected"), CERTAIN.items(), ids=CERTAIN)
def test_what_surely_happens(script: str, expected: list[str]) -> None:
    effects = process_of_script(script).effects
    assert sorted(f"{one.action.value} {one.path}" for one in effects if one.certain) == sorted(expected)


MAY_WRITE = {
    "git clone https://git.example/shop /src": "/src/lib/a.py",
    "pip3 install --target=/deps requests": "/deps/requests/api.py",
    "aws s3 sync s3://bucket /data": "/data/a/b",
    "kubectl cp team/pod:/tmp/a /data/a": "/data/a",
    "unzip -q /in.zip -d /data": "/data/a",
    "useradd app": "/etc/passwd",
}


@pytest.mark.parametrize(("script", "path"), MAY_WRITE.items(), ids=MAY_WRITE)
def test_what_may_be_written(script: str, path: str) -> None:
    effects = process_of_script(script).effects
    assert any(effect.action.writes and effect.path.may_be(literal(path)) for effect in effects)


NOTHING = [
    "openssl rand -base64 32",
    "kubectl get pods -o jsonpath={.a/b}",
    "openssl req -subj /CN=a/O=b -out -",
]


@pytest.mark.parametrize("script", NOTHING)
def test_what_is_no_path_is_not_touched(script: str) -> None:
    process = process_of_script(script)
    assert (process.effects, process.understood) == ((), True)


def test_installers_may_do_more_than_is_known() -> None:
    assert not process_of_script("pip install --target /deps requests").understood
    assert process_of_script("git clone https://git.example/shop /src").understood
    assert not process_of_script("git pull").understood
