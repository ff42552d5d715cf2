"""The loops of generated scripts, and the ways out of them: a table as in `pieces`."""

from __future__ import annotations

LOOPS = r"""repeated
  @left
  @left
  for i@n in @words; do @body; echo x > "/data/i@n-$i@n"; done
  for i@n in 1 2 3; do @truth && break; @body; done
  for i@n in 1 2 3; do if @truth; then continue; fi; @body; done
  i@n=0; while [ $i@n -lt 2 ]; do @body; i@n=$((i@n + 1)); : > /data/i@n-$i@n; done
  i@n=0; until [ $i@n -ge 2 ]; do i@n=$(($i@n+1)); @body; done
  i@n=0; while true; do @body; i@n=$((i@n+1)); [ $i@n -ge 2 ] && break; done
  i@n=0; while :; do i@n=$((i@n+1)); if [ $i@n -gt 1 ]; then break; fi; @body; done
  while read i@n; do @body; done < /data/a > @p1
  echo l | while read i@n; do @body; done
  while false; do @body; done
  until true; do @body; done
  while true; do @body; break; done
  for i@n in 1; do for j in 2; do @body; break 2; done; @body; done
  for i@n in a b; do for j in c d; do @truth && continue 2; @body; done; @body; done
  for i@n in a b; do @body; done > @p1 2>&1
  i@n=x; for j in 1 2; do i@n=${i@n}x; @body; done; : > /data/i@n${i@n}
  bash: for ((i@n=0; i@n<2; i@n++)); do @body; : > /data/i@n-$i@n; done
  bash: for i@n in {1..2}; do @body; : > /data/i@n${i@n}; done
left
  ( i@n=0; while true; do @body; i@n=$((i@n+1)); [ $i@n -lt 2 ] || exit 0; done; @body )
  ( i@n=0; until false; do i@n=$((i@n+1)); if [ $i@n -gt 1 ]; then exit 0; fi; @body; done ) || true
  i@n=0; while :; do @body; i@n=$((i@n+1)); case $i@n in 2) exit 0;; esac; done | cat > @p1
  ( i@n=0; while :; do ( @body; exit 0 ); i@n=$((i@n+1)); [ $i@n -gt 1 ] && exit; done ) & wait
  x=$(while :; do @body; echo x; exit 0; done); : > /data/i@n-x
  ( while :; do @truth || exit 0; @body; exec @sh -c @quoted; done ) || true
  yes | head -n 3 | while read l; do @body; exit 0; done
"""
