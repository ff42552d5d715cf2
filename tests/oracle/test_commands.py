"""What each command does to files: the oracle must show what the table says, for busybox and for GNU."""

from __future__ import annotations

import functools

import pytest

from .oracle import Observation, run
from .pods import container, pod, show

# Every command runs in its own directory with two volumes v and w; v holds f, g, d/k and e/.keep. Columns: command,
# Debian's busybox 1.35, GNU where it differs. "create" fails if the file is there, "write" neither truncates nor
# appends. Lines are sorted where a directory is read, as its order belongs to the file system.
_TABLE = r"""
echo x > v/new                        | replace v/new
echo x > v/f                          | replace v/f
echo x >> v/f                         | append v/f
: > v/f                               | replace v/f
> v/f                                 | replace v/f
cat v/f > v/g                         | replace v/g; read v/f
cp v/f v/new                          | read v/f; replace v/new             | read v/f; create v/new
cp v/f v/g                            | read v/f; replace v/g
cp v/f w/                             | read v/f; replace w/f               | read v/f; create w/f
cp -f v/f v/g                         | read v/f; replace v/g
mv v/f v/new                          | rename v/f > v/new
mv v/f v/g                            | rename v/f > v/g                    | rename v/f > v/g !EEXIST; rename v/f > v/g
mv v/f w/                             | rename v/f > w/f !EXDEV; read v/f; replace w/f; delete v/f | rename v/f > w/. !EXDEV; rename v/f > w/f !EXDEV; delete w/f !ENOENT; read v/f; create w/f; delete v/f
mv v/f v/d/                           | rename v/f > v/d/f                  | rename v/f > v/d !EEXIST; rename v/f > v/d/f
rm v/f                                | delete v/f
rm -f v/none                          | nothing                             | delete v/none !ENOENT
rm -rf v/d                            | delete v/d/k; rmdir v/d
touch v/new                           | touch v/new !ENOENT; write v/new    | write v/new
touch v/f                             | touch v/f                           | write v/f
echo x # tee v/f >/dev/null           | replace v/f
echo x # tee -a v/f >/dev/null        | append v/f
sed -i s/a/b/ v/f                     | create v/fXXXXXX; read v/f; rename v/fXXXXXX > v/f | read v/f; create v/sedXXXXXX; rename v/sedXXXXXX > v/f
sed -i.bak s/a/b/ v/f                 | create v/fXXXXXX; read v/f; rename v/f > v/f.bak; rename v/fXXXXXX > v/f | read v/f; create v/sedXXXXXX; rename v/f > v/f.bak; rename v/sedXXXXXX > v/f
truncate -s 0 v/f                     | write v/f; truncate v/f
truncate -s 0 v/none                  | write v/none; truncate v/none
dd if=/dev/zero of=v/f bs=1 count=1 2>/dev/null | replace v/f
dd if=/dev/zero of=v/f bs=1 count=1 conv=notrunc 2>/dev/null | write v/f
ln -s f v/l                           | symlink v/l > f
ln v/f v/l                            | link v/l > v/f
ln -sf g v/f                          | delete v/f; symlink v/f > g         | symlink v/f > g !EEXIST; symlink v/CuXXXXXX > g; rename v/CuXXXXXX > v/f
sort v/f -o v/f                       | read v/f; replace v/f               | write v/f; read v/f; truncate v/f
gzip v/f                              | read v/f; create v/f.gz; delete v/f
gzip -c v/f > v/f.gz                  | replace v/f.gz; read v/f
tar cf v/t.tar v/f                    | replace v/t.tar; read v/f
tar czf v/t.tgz v/f                   | replace v/t.tgz; read v/f           | read v/f; replace v/t.tgz
mkdir -p v/a/b                        | mkdir v/. !EEXIST; mkdir v/a; mkdir v/a/b
find v -name f -delete                | nothing                             | delete v/f
find v -name f -exec rm {} +          | delete v/f
cp -r v/d w/                          | mkdir w/d; read v/d/k; replace w/d/k | mkdir w/d; read v/d/k; create w/d/k
split -l 1 v/f v/part.                | nothing                             | read v/f; write v/part.aa; truncate v/part.aa
awk '{print > "v/out"}' v/f           | read v/f; replace v/out
cat > v/new <<E\nhi\nE                | replace v/new
exec 3>> v/f; echo x >&3              | append v/f
while read l; do :; done < v/f        | read v/f
[ -f v/f ]                            | nothing
ls v > /dev/null                      | nothing
stat v/f > /dev/null                  | nothing
wc -l v/f > /dev/null                 | read v/f
grep -q a v/f                         | read v/f
tail -n 1 v/f > /dev/null             | read v/f
head -n 1 v/f > /dev/null             | read v/f
mkfifo v/p                            | mknod v/p
chmod 600 v/f                         | chmod v/f
install -m 600 v/f v/new              | nothing                             | read v/f; create v/new
set -C; echo x > v/f                  | nothing
echo x >! v/f                         | replace v/f
echo x 2> v/err                       | replace v/err
echo x <> v/f                         | write v/f
flock v/lock true                     | nothing                             | read v/lock
mktemp v/tmp.XXXXXX >/dev/null        | create v/tmp.XXXXXX
date > v/f                            | replace v/f
wc -c < v/f > v/n                     | read v/f; replace v/n
cmp -s v/f v/g                        | read v/f; read v/g
md5sum v/f > v/sum                    | replace v/sum; read v/f
patch v/f < /dev/null                 | nothing
unlink v/f                            | delete v/f
rmdir v/e                             | rmdir v/e !ENOTEMPTY
"""
_IMAGES = {"busybox": 1, "debian": 2}


def _rows() -> list[tuple[str, str, str]]:
    rows = []
    for line in _TABLE.strip().splitlines():
        command, busybox, gnu = [*(cell.strip() for cell in line.split(" | ")), ""][:3]
        # The table's own bar and end of line are written as "#", "!" and "\n" inside commands.
        command = command.replace(" # ", " | ").replace(">!", ">|").replace("\\n", "\n")
        rows.append((command, busybox, gnu or busybox))
    return rows


_ROWS = _rows()


@functools.cache
def _observe(image: str) -> Observation:
    """Run all commands in one container; subPath mounts give each command volumes of its own."""
    seeds: dict[str, dict[str, str]] = {"v": {}, "w": {}}
    mounts = []
    script = ""
    for number, row in enumerate(_ROWS):
        for path in ("f", "g", "d/k", "e/.keep"):
            seeds["v"][f"{number:03}/{path}"] = "a\n"
        seeds["w"][f"{number:03}/"] = ""
        for volume in ("v", "w"):
            mounts.append({"name": volume, "mountPath": f"/{number:03}/{volume}", "subPath": f"{number:03}"})
        script += f"(cd /{number:03}\n{row[0]}\n)\n"
    return run(
        pod(container("all", script, image=image, mounts=mounts)), seconds=30, clock="skip", seeds=seeds
    )


@pytest.mark.oracle
@pytest.mark.parametrize("image", _IMAGES)
@pytest.mark.parametrize("number", range(len(_ROWS)), ids=[row[0] for row in _ROWS])
def test_command_does_to_files_what_the_table_says(image: str, number: int) -> None:
    own = f"{number:03}"
    lines = []
    for intent in _observe(image).intents:
        if intent.volume and own in (intent.path, intent.path.split("/")[0]):
            line = show(intent).replace(f"/{own}/", "/")
            lines.append(line.replace(f"/{own}", "/."))
    expected = _ROWS[number][_IMAGES[image]]
    # Two processes of one command (tar and its gzip) may come in either order.
    assert sorted(lines) == ([] if expected == "nothing" else sorted(expected.split("; ")))
