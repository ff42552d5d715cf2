"""Generated templates, in which each word stands once: wherever it is rendered, it comes from there."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

VALUES = """\
on: true
off: false
word: val1
items: [val2, val3]
map: {k1: val4, k2: {k3: [val5, val6]}}
text: "val7 {{ .Values.word }}"
lines: "val8\\nval9"
"""
HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"


@dataclass
class Writer:
    """Draws templates. `bodies` are the `define`s that they include, and `files` those that they take in."""

    draw: st.DrawFn
    words: int = 0
    bodies: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def word(self) -> str:
        self.words += 1
        return f"w{self.words}x"

    def one(self, *options: str) -> str:
        return self.draw(st.sampled_from(options))

    def yes(self) -> bool:
        return self.draw(st.booleans())

    def action(self) -> str:
        """An action that emits a part of one line."""
        return self.one(
            "{{ .Values.word }}",
            "{{ .Values.word | quote }}",
            "{{- .Values.word -}}",
            "{{ tpl .Values.text $ }}",
            '{{ printf "%s-%s" .Values.word "x" }}',
            '{{ "}}" }}',
            "{{/* } {{ */}}",
            "{{ $x := 1 }}",
            "{{ .Release.Name }}",
        )

    def text(self) -> str:
        """A line of a script: words, signs and actions."""
        signs = [" ", ": ", "-", "/", ' "', "' ", "$", "=", " | ", " > ", " # ", "\\", "é", "\U000f0007"]
        parts = [self.word()]
        for _ in range(self.draw(st.integers(0, 3))):
            parts.append(self.draw(st.sampled_from(signs)))
            parts.append(self.action() if self.yes() else self.word())
        if self.draw(st.integers(0, 4)) == 0:
            parts.insert(0, self.action())
        return "".join(parts)

    def script(self, depth: int, indent: str) -> str:
        """Lines of a block scalar, with all that joins and leaves out lines."""
        return "".join(self.part(depth, indent) for _ in range(self.draw(st.integers(1, 4))))

    def part(self, depth: int, indent: str) -> str:
        kinds = ["text", "text", "text", "include", "yaml", "file", "lines", "comment", "blank", "sign"]
        kind = self.one(*kinds, *(["if", "range", "with", "inline"] if depth else []))
        left, right = self.one("{{", "{{-", "{{-"), self.one("}}", "}}", "-}}")
        open_, shut = f"{indent}{left} ", f" {right}\n"
        if kind == "text":
            return f"{indent}{self.text()}\n"
        if kind == "if":
            otherwise = self.script(depth - 1, indent)
            body = self.script(depth - 1, indent)
            return (
                f"{open_}if .Values.{self.one('on', 'off')}{shut}{body}"
                f"{open_}else{shut}{otherwise}{open_}end{shut}"
            )
        if kind in ("range", "with"):
            over = "$.Values.items" if kind == "range" else "$"
            body = self.script(depth - 1, indent).replace(" .Values", " $.Values").replace(" .Rel", " $.Rel")
            return f"{open_}{kind} {over}{shut}{body}{open_}end{shut}"
        if kind == "inline":
            return (
                f"{indent}{self.word()}{{{{ if .Values.on }}}} {self.text()} {{{{ else }}}}"
                f"{self.word()}{{{{ end }}}} {self.word()}\n"
            )
        if kind == "include":
            return self.include(depth, indent)
        if kind == "file":
            return self.file(indent)
        return {
            "yaml": f"{indent}{{{{- toYaml $.Values.map | nindent {len(indent)} }}}}\n",
            "lines": f"{{{{ $.Values.lines | indent {len(indent)} }}}}\n",
            "comment": f"{indent}# {self.word()}\n{indent}{{{{- /* {self.word()}\n*/}}}}\n",
            "blank": "\n",
            "sign": f"{indent}{self.one('}', ')', ';;', '{', '[')}\n",
        }[kind]

    def file(self, indent: str) -> str:
        """A file that is taken in, in one of the ways in which charts do that."""
        name, size = f"files/{len(self.files)}.txt", len(indent)
        way = self.one("indent", "nindent", "tpl", "lines", "config", "variable")
        signs = [
            "done",
            "",
            "  ",
            "}",
            "\"a\" 'b'",
            "\\n",
            "é",
            "{{" if way != "tpl" else "{{ .Values.word }}",
        ]
        lines = []
        for _ in range(self.draw(st.integers(2, 6))):
            before = self.one("", "", "  ", "    ")
            lines.append(self.one(f"{before}{self.word()}", f"{before}{self.word()} - ", *signs))
        # What stands at the beginning decides how much more the rest is indented.
        first, last = (f"{self.word()} {self.word()}" for _ in "12")
        self.files.append("\n".join([first, *lines, last]) + self.one("", "\n"))
        got = f'$.Files.Get "{name}"'
        return {
            "indent": f"{{{{ {got} | indent {size} }}}}\n",
            "nindent": f"{indent}{{{{- {got} | nindent {size} }}}}\n",
            "tpl": f"{indent}{{{{- tpl ({got}) $ | nindent {size} }}}}\n",
            "lines": f'{indent}{{{{- range $.Files.Lines "{name}" }}}}\n'
            f"{indent}{{{{ . }}}}\n{indent}{{{{- end }}}}\n",
            "config": f'{indent}{{{{- ($.Files.Glob "{name}").AsConfig | nindent {size} }}}}\n',
            "variable": f"{{{{- $text := {got} }}}}\n{{{{ $text | indent {size} }}}}\n",
        }[way]

    def include(self, depth: int, indent: str) -> str:
        name = f"body{len(self.bodies)}"
        self.bodies.append("")
        body = self.script(max(depth - 1, 0), "").replace(" .Values", " $.Values")
        number = int(name.removeprefix("body"))
        shut = self.one("}}", "-}}")
        self.bodies[number] = f'{{{{- define "{name}" {shut}\n{body}{{{{- end }}}}\n'
        return f'{indent}{{{{- include "{name}" $ | nindent {len(indent)} }}}}\n'

    def mapping(self, depth: int, indent: str) -> str:
        """Keys with values, and lists: lines that stay what they are."""
        lines = []
        for _ in range(self.draw(st.integers(1, 4))):
            kind = self.one("pair", "pair", "list", "yaml", *(["nested", "if", "named"] if depth else []))
            key = f"{indent}{self.word()}:"
            if kind == "pair":
                value = self.one(self.word(), "{{ .Values.word }}", f'"{self.word()} {{{{ .Values.word }}}}"')
                lines.append(f"{key} {value}\n")
            elif kind == "list":
                items = [f"{indent}- {self.word()}\n", f'{indent}- "{self.word()}"\n']
                lines.append(f"{key}\n{''.join(items)}{indent}{{{{- range .Values.items }}}}\n")
                lines.append(
                    f"{indent}- name: {self.word()}\n{indent}  at: {{{{ . }}}}\n{indent}{{{{- end }}}}\n"
                )
            elif kind == "yaml":
                lines.append(f"{key}\n{indent}  {{{{- toYaml .Values.map | nindent {len(indent) + 2} }}}}\n")
            elif kind == "nested":
                lines.append(f"{key}\n{self.mapping(depth - 1, indent + '  ')}")
            elif kind == "named":
                lines.append(
                    f"{key}\n{indent}  name: {self.word()}\n{indent}  kind: {{{{ .Values.word }}}}\n"
                )
            else:
                lines.append(
                    f"{indent}{{{{- if .Values.{self.one('on', 'off')} }}}}\n"
                    f"{self.mapping(depth - 1, indent)}{indent}{{{{- end }}}}\n"
                )
        return "".join(lines)

    def template(self, name: str) -> str:
        head = HEAD.format(name=name)
        script = f"data:\n  script: |1\n    {self.word()}\n{self.script(2, '    ')}"
        return f"{head}spec:\n  {self.word()}: {self.word()}\n{self.mapping(2, '  ')}{script}"


@st.composite
def charts(draw: st.DrawFn) -> dict[str, str]:
    """The files of a chart."""
    writer = Writer(draw)
    templates = {f"templates/t{n}.yaml": writer.template(f"t{n}") for n in range(4)}
    return {
        **templates,
        "templates/_bodies.tpl": "".join(writer.bodies),
        "values.yaml": VALUES,
        **{f"files/{n}.txt": text for n, text in enumerate(writer.files)},
    }
