"""The grammar of generated scripts: a table, one piece a line.

`@name` stands for one of the pieces listed under that name. `bash:` before a piece keeps it to bash. `↵` is
a line break. Besides, `@p1`, `@p2`, … are fresh paths, spelled anew wherever they stand; `@given` is a file
that is there from the beginning; `@n` is a number of the piece's own; `@body` is one statement or two,
`@quoted` the same in single quotes; `@nested` is a script in a script; `@sh` is the shell by its name.
"""

from __future__ import annotations

from .loops import LOOPS

_TABLE = r"""
leaf
  @printing
  @printing
  @document
  @kept
  @worked
  @worked
  @worked
  @searched
  @vague
  @assigned
  @assigned
branch
  @conditional
  @conditional
  case @subject in @arm@arm@rest esac
  @repeated
  @repeated
  @grouped
  @grouped
  @function
  @written
command
  echo x
  printf '%s\n' a b
  date
  cat @given
  echo $N $W
  pwd
  :
  ls /data
printing
  @command > @p1
  @command >> @p1
  @command >| @p1
  > @p1 @command
  @command 1> @p1
  @command 2> @p1
  @command > @p1 2>&1
  @command 2>&1 > @p1
  @command > @p1 2> @p2
  @command 3> @p1 >&3
  @command <> @p1
  @command 1<> @p1
  >@p1
  >>@p1
  { @command; @command; } > @p1
  ( @command ) >> @p1 2>&1
  @command > @p1 < @given
  @command | tee @p1
  @command | tee -a @p1 > @p2
  @command | cat > @p1
  @command 3> @p1 4>&3 >&4 3>&-
  x=$(@command > @p1)
  @command > /dev/null 2> @p1
  @command > /dev/null
  bash: @command &> @p1
  bash: @command &>> @p1
  bash: @command >& @p1
  bash: cat <<< x > @p1
reader
  cat > @p1
  cat >> @p1
  tee @p1
  tee @p1 > @p2
  while read l; do echo $l; done > @p1
  cat - > @p1
document
  @reader < @given
  @reader <<EOF↵@text↵EOF↵:
  @reader <<-EOF↵@text↵EOF↵:
  @reader <<'EOF'↵@text↵EOF↵:
  @reader <<"EOF"↵@text↵EOF↵:
  @reader <<\EOF↵@text↵EOF↵:
  @reader <<-'EOF'↵	@text↵	EOF↵:
text
  text
  a $N b
  `echo x` $(echo y)
  > /data/no
  it's "q
  two↵lines
kept
  exec 3>> @p1; echo x >&3; exec 3>&-
  exec 4>&1 > @p1; echo hi; exec >&4 4>&-
  exec 5< @given; read l <&5; echo $l; exec 5<&-
  exec 3<> @p1; echo y 1>&3; exec 3>&-
  { echo a >&3; echo b >&4; } 3> @p1 4>&3
  ( exec >> @p1; echo in; echo more )
  exec 6> @p1 7>&6; echo s >&7; exec 6>&- 7>&-
  ( exec 2> @p1; ls /data/none ) || true
  ( exec 8>&1; @body >&8 )
make
  echo x > @p1
  : >> @p1
  touch @p1
  cp /data/a @p1
  printf 'a\nb\n' > @p1
worked
  @make; @work
work
  mv @p1 @p2
  cp @p1 @p2
  rm @p1
  rm -f @p1
  rm -f @p2; ln @p1 @p2
  rm -f @p2; ln -s @p1 @p2
  cat @p1 > @p2
  mv -f @p1 @p2; cp @p2 @p1
  sed -i s/a/b/ @p1
  sed -i.bak -e s/x/y/ @p1
  truncate -s 0 @p1
  dd if=@p1 of=@p2 bs=1 count=1 2> /dev/null
  head -n 1 @p1 > @p2
  tail -n 1 @p1
  wc -l < @p1 > @p2
  mkdir -p @p2; mv @p1 @p2/
  mkdir -p @p2/d; cp @p1 @p2/d
  mkdir -p @p2/d; ( cd @p2/d && cp @p1 k && mv k ../k ) || true
  tee -a @p1 < @given
  sort @p1 -o @p2
  chmod 600 @p1
  mkdir @p2 && rmdir @p2
  mkdir -p @p2; touch @p2/k; rm -r @p2
  unlink @p1
  gzip -c @p1 > @p2
  gzip -f @p1
  cp @p1 @p2 && rm @p1 && mv @p2 @p1
  tar cf @p2 /data/log @p1 2> /dev/null
  grep -q x @p1 || echo none > @p2
  cmp -s @p1 @given || true
  md5sum @p1 > @p2
  ln -sf @p1 @p2; cat @p2
  mkdir -p @p2; cp -r @p2 @p1.d
  mkdir -p @p2; cp @p1 @given @p2
  ln -sf @p1 @p2; echo more >> @p2
  cp -p @p1 @p2
  bash: install -m 600 @p1 @p2
searched
  find /data/log -name '*.log' -exec cat {} \;
  find /data/log -type f -exec cat {} + > @p1
  ls /data/log/*.log | xargs cat
  echo /data/a | xargs -I% cp % @p1
  echo /data/a /data/b.txt | xargs cat > @p1
  find $D -name b.txt | while read f; do cat $f > @p1; done
  for f in /data/log/*.log; do cat "$f" >> @p1; done
  for f in /data/log/*.log; do cp $f $f.bak; done; cat /data/log/*.bak > @p1
  for f in /data/log/*.log; do mv $f $f.old; mv $f.old $f; done
  for f in /data/*.txt; do [ -e "$f" ] || continue; cat $f; done
  cat /data/log/*.log
  cat /data/?.txt /data/[a-b] > @p1
  rm -f /data/none*; cat $D/*.txt > @p1
  @make; find @p1 -exec rm {} \;
  mkdir -p @p2; touch @p2/k; find @p2 -type f -exec mv {} {}.gone \;
vague
  echo x > /data/t-$(date +%s)
  echo x > "/data/h-$(hostname)"
  read v < /data/b.txt; echo $v > /data/r-$v
  v=$(cat /data/b.txt); echo > /data/v-$v
  v=$(head -n 1 /data/a); : > "/data/w-${v%e}"
  t=$(mktemp /data/tmp.XXXXXX); echo x > $t; rm -f $t
  p=$$; echo x > /data/p-$p; rm /data/p-$p
  set -- $(echo q r); echo x > /data/$2.s
  while read l; do echo x > "/data/l-$l"; done < /data/a
  cat /data/a | while read l rest; do echo $rest >> /data/m-$l; done
  ls /data/log | while read f; do cp /data/log/$f /data/c-$f; done
  echo b.txt | { read f; cat /data/$f; }
  for f in $(ls /data/log); do cat /data/log/$f; done
  x=$(if @truth; then echo y; else echo z; fi); : > /data/x-$x
  x=$(for i in 1 2; do echo $i; done); for w in $x; do : > /data/x-$w; done
  x=$( @truth && echo t ) || true; : > "/data/x-${x:-f}"
assigned
  v=@p1; echo x > "$v"
  v=@p1; : >> "${v}"
  v=@p1; echo x > "/data/${v##*/}"
  v=@p1; echo x > "${v%/*}/n@n"
  v=@p1.txt; echo x > "${v%.txt}"
  v=pre:@p1; echo x > "${v#pre:}"
  v=@p1.a.b; : > "${v%%.a*}"; : > "${v%.*}"
  v=$((N + @n)); echo x > /data/i-$v
  v=1; v=$((v + 1)); v=$(($v * 2)); : > /data/j$v
  v=/data; v=$v/n; v="${v}@n"; : > $v
  ( v=a; readonly v; : > /data/${v}@n )
  export v@n=@p1; @sh -c 'echo x > "$v@n"'
  v@n=@p1 @sh -c 'echo x > "$v@n"'
  env v@n=@p1 @sh -c ': > "$v@n"'
  v='x y'; for w in $v; do : > /data/${w}@n; done
  v='x y'; : > "/data/${v}@n"
  v='a b'; set -- $v; : > /data/$#-$2
  IFS=:; v=a:b; for w in $v; do : > /data/${w}@n; done; unset IFS
  unset v; : > /data/u${v:-n}@n
  v=; : > /data/u${v-n}@n${v:+z}
  v=abc; : > /data/${#v}@n
  set -- a 'b c' d; shift; for w in "$@"; do : > "/data/${w}@n"; done; : > "/data/$*"
  set -- x y; : > "/data/${1}-${2:-z}-${3:-w}"
  v=ab; case $v in a*) w=${v#a};; *) w=none;; esac; : > /data/w-${w}@n
  bash: v=a-b-c; : > /data/${v//-/+}@n
  bash: v=abc; : > /data/${v:1:1}@n
  bash: v=abc; : > /data/${v^^}@n
  bash: v=(p q); for w in "${v[@]}"; do : > /data/${w}@n; done
  bash: touch /data/{p,q}@n
truth
  true
  false
  :
  [ x = x ]
  [ x = y ]
  [ "$W" = log ]
  [ "$N" -gt 2 ]
  [ -n '' ]
  [ -f /data/a ]
  [ -e /data/none ]
  [ -d /data/log ]
  ( ! true )
  { ! [ -f /data/none ]; }
  grep -q two /data/a
  test 1 -eq 2
  test -s /data/b.txt
  { [ 1 = 1 ] && false; }
  { false || true; }
  [ ! -f /data/a ]
  cmp -s /data/a /data/b.txt
  [ "$N" != 3 ]
  ( false )
  @sh -c 'exit 1'
  [ -f /data/a -a x = x ]
  [ x = y -o 1 = 1 ]
  test $N -lt 3
  case $W in l*) true;; *) false;; esac
  [ $(cat /data/b.txt) = b ]
  [ $((N - 3)) -eq 0 ]
  bash: [[ $W == l* ]]
  bash: [[ -f /data/a && $N > 2 ]]
  bash: (( N > 2 ))
  bash: (( 0 ))
  bash: [[ $W != log ]]
  bash: [[ x =~ ^x ]]
conditional
  if @truth; then @body; fi
  if @truth; then @body; else @body; fi
  if @truth; then @body; elif @truth; then @body; else @body; fi
  @truth && { @body; } || true
  @truth || { @body; }
  @truth && { @body; } || { @body; }
  ! { @truth; } || { @body; }
  if ! @truth; then @body; fi
  if @truth && @truth; then @body; else @body; fi
  if @truth || @truth; then @body; fi
  while @truth; do @body; break; done
subject
  $W
  "$N"
  log
  $(cat /data/b.txt)
  ${U:-x}
  "$W.$N"
  ${1-}
  ''
pattern
  log
  l*
  [0-9]
  x|y
  'log'
  *.3
  3
  ?
  ""
  $W
  b
  [!a]*
  \*
arm
  @pattern) @body ;;
  (@pattern) @body ;;
rest
  *) @body ;;
  @pattern) @body ;;
words
  1 2
  a 'b c'
  $W $N
  "$@"
  $(echo p q)
  x
  $E
  '' z
grouped
  { @body; }
  ( @body )
  ( cd /data/log; @body; : > here )
  { @body; } > @p1
  ( @body ) 2> @p1 || true
  ( @body ) & wait
  { @body; } & wait $!
  @body & @body & wait
  ( @body ) | cat > @p1
  x=$( @body ) || true
  ( @body; exit 0; @body )
  ( exit 3 ) || { @body; }
  ( @body; @body ) < /data/a
  eval @quoted
  @sh -c @quoted
  @sh -c @quoted name /data/b.txt
  @sh -e -c @quoted
  @sh -c @nested
  printf '%s\n' @quoted | @sh
  ( trap @quoted EXIT; @body )
  ( exec @sh -c @quoted )
  cd /data/log; @body; cd /data; : > rel@n
  ( set -- p q; @body; : > "/data/$1-$#" )
  ( @body; false ) || { @body; }
  ( set -e; @body; false; @body ) || true
  @sh -c 'set -e; @truth || exit 0; : > /data/e@n'
  ( set -- ; @body )
  bash: time { @body; }
  @sh <<'EOS@n'↵@body↵EOS@n↵:
function
  fn@n() { @does; }↵@uses
  fn@n () {↵@does↵}↵@uses
  fn@n() ( @does )↵@uses
  bash: function fn@n { @does; }↵@uses
does
  @body
  @body; return 0; @body
  local l=$1; : > "/data/$l-$#"; @body
  echo x > "/data/${1}@n"; @body
  for z in "$@"; do : > "/data/$z"; done
  @body; return 1
  i@n=0; while :; do @body; i@n=$((i@n+1)); [ $i@n -ge 2 ] && return 0; done; @body
  for z in 1 2 3; do while :; do @body; [ $z = 2 ] && return; break; done; done
  ( return 0; @body ); @body
  [ "$1" = go ] || return 0; @body
  shift; : > "/data/${1}@n"
  g=$1; @body
  ( @body )
  cat > "/data/$1"
  echo @n$1
  if @truth; then return 0; fi; @body
  while @truth; do @body; return 0; done; @body
uses
  fn@n p q || true
  fn@n go on < /data/b.txt || true
  fn@n 'a b' c > @p3 || true
  fn@n s t && : > @p3
  ( fn@n p q ) || true
  fn@n p q | cat > @p3
  v=$(fn@n p q < /data/a) || true; : > "/data/v-${#v}"
  if fn@n i j; then @body; fi
  fn@n p q && fn@n r s || true
  fn@n p q & wait
written
  printf '%s\n' @quoted > @p1; @run
run
  @sh @p1
  . @p1
  @sh < @p1
  chmod +x @p1; @p1
  @sh @p1 1 2
"""


def _read(table: str) -> dict[str, list[str]]:
    pieces: dict[str, list[str]] = {}
    for line in table.strip("\n").split("\n"):
        if line.startswith("  "):
            pieces[next(reversed(pieces))].append(line[2:])
        else:
            pieces[line] = []
    return pieces


PIECES = _read(_TABLE + LOOPS)
