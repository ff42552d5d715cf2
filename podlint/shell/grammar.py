"""From a script to its syntax tree: tree-sitter-bash finds the structure, the word scanner the words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from podlint.shell.leaves import ASSIGNMENTS, REDIRECTS, Leaves
from podlint.shell.limits import Limits, TooComplexError
from podlint.shell.raw_tree import tree_of
from podlint.shell.syntax import (
    AndOr,
    ArithmeticCommand,
    Assignment,
    Background,
    Case,
    CaseArm,
    Command,
    For,
    Function,
    Group,
    If,
    Not,
    Pipeline,
    Redirect,
    Redirected,
    Sequence,
    SimpleCommand,
    Subshell,
    Test,
    Unparsed,
    While,
    Word,
)

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_SCRIPT = 262_144
"""Longer scripts (in characters) are not read: a ConfigMap holds at most 1 MiB, and nobody writes such a
script."""
READING = 2
"""What reading each character of a script costs at least, in units of `podlint.budget`."""
MAX_DEPTH = 60
"""Nesting of commands and substitutions beyond this is not followed."""
SUBSTITUTION_DEPTH = 4
"""What a substitution counts for in it."""
MAX_KEPT = 500_000
"""What the trees have cost that are remembered; a tree takes at most some 60 bytes for each unit."""


class Parsed(Struct, frozen=True):
    """The syntax tree of a whole script, and what reading it costs in units of `podlint.budget`."""

    tree: Sequence
    cost: int


class _Trees:
    """The trees of scripts that were read, as the same script stands in many pods."""

    def __init__(self) -> None:
        self._parsed: dict[str, Parsed] = {}
        self._cost = 0

    def of(self, script: str) -> Parsed:
        known = self._parsed.get(script)
        if known is None:
            known = _read(script)
            if self._cost + known.cost > MAX_KEPT:
                self._parsed.clear()
                self._cost = 0
            self._cost += known.cost
            self._parsed[script] = known
        return known


_TREES = _Trees()


def read_script(script: str) -> Parsed:
    """Read a whole script. What cannot be parsed is in the tree as `Unparsed`; nothing is raised."""
    return _TREES.of(script)


def parse(script: str) -> Sequence:
    """The syntax tree of a whole script, as `read_script` reads it."""
    return read_script(script).tree


def _read(script: str) -> Parsed:
    if len(script) > MAX_SCRIPT:
        tree = Sequence((Unparsed(f"longer than {MAX_SCRIPT} characters", 0, len(script)),), 0, len(script))
        return Parsed(tree, READING * len(script))
    limits = Limits()
    tree = _Reader(script, 0, limits).read(0, len(script))
    return Parsed(tree, limits.cost + READING * len(script))


class _Reader(Leaves):
    """Turns tree-sitter's tree of one stretch of a script into commands."""

    def __init__(self, script: str, depth: int, limits: Limits) -> None:
        super().__init__(script, self._body, limits)
        self._depth = depth

    def _body(self, start: int, end: int) -> Command | None:
        """Commands inside a substitution: a stretch of the same script, read by a reader of its own."""
        if self._depth + SUBSTITUTION_DEPTH >= MAX_DEPTH:
            return None
        return _Reader(self.script, self._depth + SUBSTITUTION_DEPTH, self.words.limits).read(start, end)

    def read(self, start: int, end: int) -> Sequence:
        """The commands between two offsets of the script."""
        encoded = self.begin(start, end)
        try:
            root = tree_of(encoded, self.words.limits).root_node
            return Sequence(tuple(self._sequence(root.children, self._depth)), start, end)
        except TooComplexError as problem:
            return Sequence((Unparsed(str(problem), start, end),), start, end)

    def _sequence(self, nodes: Iterable[Node], depth: int) -> list[Command]:
        """Statements among some children: separators and keywords are passed over, `&` sends the last one
        behind."""
        if depth > MAX_DEPTH:
            raise TooComplexError("nested too deeply")
        commands: list[Command] = []
        for node in nodes:
            if node.type == "&" and commands:
                last = commands[-1]
                commands[-1] = Background(last, last.start, self.range(node)[1])
            elif node.is_named and node.type != "comment":
                commands.append(self._command(node, depth + 1))
        return commands

    def _block(self, node: Node, depth: int) -> Sequence:
        """The statements inside a `do … done` or `{ … }`."""
        return Sequence(tuple(self._sequence(node.children, depth)), *self.range(node))

    def _command(self, node: Node, depth: int) -> Command:
        read = _READERS.get(node.type)
        self.words.limits.spend_command()
        if depth > MAX_DEPTH:
            raise TooComplexError("nested too deeply")
        self._depth = depth
        if read is None:
            return Unparsed(_unparsed_reason(node), *self.range(node))
        start, end = self.range(node)
        if start in self.negated and node.type != "list" and _inside(node) != "list":
            self.negated.remove(start)
            return Not(read(self, node, depth), start, end)
        return read(self, node, depth)

    def _simple(self, node: Node, depth: int, extra: tuple[Redirect, ...] = ()) -> Command:
        """`command`, and the commands that bash's grammar gives kinds of their own (declarations, unset)."""
        assignments: list[Assignment] = []
        redirects: list[Redirect] = []
        word_nodes: list[Node] = []
        errors = [child for child in node.children if child.type == "ERROR"]
        if errors:
            return Unparsed(_unparsed_reason(errors[0]), *self.range(node))
        for child in node.children:
            read = max(assignments[-1].end if assignments else 0, redirects[-1].end if redirects else 0)
            if self.range(child)[0] < read:
                continue
            if (
                child.type in ASSIGNMENTS
                and node.type == "command"
                and not word_nodes
                and self.assigns(child)
            ):
                assignments += self.assignments(child)
            elif child.type in REDIRECTS:
                redirects.append(self.redirect(child))
            else:
                word_nodes.append(child)
        bare = not assignments and not redirects
        if word_nodes and bare and self.script[slice(*self.range(word_nodes[0]))] in _CLOSING:
            return Unparsed("syntax error", *self.range(node))
        words = tuple(self.joined(word_nodes))
        return SimpleCommand(tuple(assignments), words, (*redirects, *extra), *self.range(node))

    def _assigned(self, node: Node, _depth: int) -> Command:
        if not self.assigns(node):
            parts = node.children if node.type == "variable_assignments" else [node]
            return SimpleCommand((), tuple(self.joined(parts)), (), *self.range(node))
        return SimpleCommand(tuple(self.assignments(node)), (), (), *self.range(node))

    def _redirected(self, node: Node, depth: int) -> Command:
        """A statement with redirections. Those behind `a && b` or `a | b` belong to the last command."""
        body = node.child_by_field_name("body")
        redirects: list[Redirect] = []
        words: list[Word] = []
        for child in node.children:
            if child.type == "ERROR":
                return Unparsed(_unparsed_reason(child), *self.range(node))
            if child.type in REDIRECTS:
                redirects.append(self.redirect(child))
                words += self.behind(child, redirects[-1])
        start, end = self.range(node)
        if body is None:
            return SimpleCommand((), tuple(words), tuple(redirects), start, end)
        return self._attach(self._command(body, depth + 1), tuple(words), tuple(redirects), end)

    def _attach(
        self, command: Command, words: tuple[Word, ...], redirects: tuple[Redirect, ...], end: int
    ) -> Command:
        match command:
            case SimpleCommand():
                return SimpleCommand(
                    command.assignments,
                    (*command.words, *words),
                    (*command.redirects, *redirects),
                    command.start,
                    end,
                )
            case AndOr():
                right = self._attach(command.right, words, redirects, end)
                return AndOr(command.operator, command.left, right, command.start, end)
            case Pipeline():
                last = self._attach(command.commands[-1], words, redirects, end)
                return Pipeline((*command.commands[:-1], last), command.start, end)
            case Not():
                return Not(self._attach(command.command, words, redirects, end), command.start, end)
            case _:
                return Redirected(command, redirects, command.start, end)

    def _pipeline(self, node: Node, depth: int) -> Command:
        """`a | b | c`; a leading `!` negates the whole pipeline, though the grammar hangs it on the first
        command."""
        commands = [self._command(c, depth + 1) for c in node.children if c.is_named and c.type != "comment"]
        start, end = self.range(node)
        if commands and isinstance(commands[0], Not):
            commands[0] = commands[0].command
            return Not(Pipeline(tuple(commands), start, end), start, end)
        return Pipeline(tuple(commands), start, end)

    def _list(self, node: Node, depth: int) -> Command:
        operator = next((c.type for c in node.children if c.type in ("&&", "||")), "&&")
        commands = self._sequence(node.children, depth)
        if len(commands) != 2:
            return Unparsed(_unparsed_reason(node), *self.range(node))
        return AndOr(operator, commands[0], commands[1], *self.range(node))

    def _not(self, node: Node, depth: int) -> Command:
        commands = self._sequence(node.children, depth)
        if len(commands) != 1:
            return Unparsed(_unparsed_reason(node), *self.range(node))
        return Not(commands[0], *self.range(node))

    def _group(self, node: Node, depth: int) -> Command:
        if node.children and node.children[0].type == "((":
            return ArithmeticCommand(self.script[slice(*self.range(node))], *self.range(node))
        return Group(self._block(node, depth), *self.range(node))

    def _subshell(self, node: Node, depth: int) -> Command:
        return Subshell(self._block(node, depth), *self.range(node))

    def _if(self, node: Node, depth: int) -> Command:
        branches = [self._branch(node.children, depth)]
        otherwise: Sequence | None = None
        for child in node.children:
            if child.type == "elif_clause":
                branches.append(self._branch(child.children, depth))
            elif child.type == "else_clause":
                otherwise = self._block(child, depth)
        return If(tuple(branches), otherwise, *self.range(node))

    def _branch(self, children: list[Node], depth: int) -> tuple[Sequence, Sequence]:
        """Condition and body on both sides of `then`."""
        then = next((i for i, c in enumerate(children) if c.type == "then"), len(children))
        body = [c for c in children[then:] if c.type not in ("elif_clause", "else_clause")]
        return self._stretch(children[:then], depth), self._stretch(body, depth)

    def _stretch(self, nodes: list[Node], depth: int) -> Sequence:
        start = self.range(nodes[0])[0] if nodes else 0
        return Sequence(tuple(self._sequence(nodes, depth)), start, self.range(nodes[-1])[1] if nodes else 0)

    def _while(self, node: Node, depth: int) -> Command:
        body = node.child_by_field_name("body")
        if body is None:
            return Unparsed(_unparsed_reason(node), *self.range(node))
        condition = [c for c in node.children if c != body]
        negated = node.children[0].type == "until"
        return While(self._stretch(condition, depth), self._block(body, depth), negated, *self.range(node))

    def _for(self, node: Node, depth: int) -> Command:
        body, name = node.child_by_field_name("body"), node.child_by_field_name("variable")
        if body is None or name is None:
            return Unparsed(_unparsed_reason(node), *self.range(node))
        values = [c for i, c in enumerate(node.children) if node.field_name_for_child(i) == "value"]
        listed = any(c.type == "in" for c in node.children)
        words = tuple(self.joined(values)) if listed else None
        variable = self.script[slice(*self.range(name))]
        if node.children[0].type == "select":
            # Until its input ends: as many turns as a C-style loop has.
            return For(variable, None, self._block(body, depth), True, *self.range(node))
        return For(variable, words, self._block(body, depth), False, *self.range(node))

    def _c_style_for(self, node: Node, depth: int) -> Command:
        body = node.child_by_field_name("body")
        if body is None:
            return Unparsed(_unparsed_reason(node), *self.range(node))
        block = self._block(body, depth)
        if node.child_by_field_name("condition") is None:
            return While(Sequence((), block.start, block.start), block, False, *self.range(node))
        start = node.child_by_field_name("initializer")
        variable = "" if start is None else self.script[slice(*self.range(start))].partition("=")[0].strip()
        return For(variable, None, block, True, *self.range(node))

    def _case(self, node: Node, depth: int) -> Command:
        subject = node.child_by_field_name("value")
        if subject is None or any(c.type == "ERROR" for c in node.children):
            return Unparsed(_unparsed_reason(node), *self.range(node))
        arms = tuple(self._arm(c, depth) for c in node.children if c.type == "case_item")
        return Case(self.word(subject), arms, *self.range(node))

    def _arm(self, node: Node, depth: int) -> CaseArm:
        close = next((i for i, c in enumerate(node.children) if c.type == ")"), 0)
        patterns = tuple(self.word(c) for c in node.children[:close] if c.is_named)
        terminator = next((c.type for c in node.children if c.type in (";;", ";&", ";;&")), ";;")
        return CaseArm(patterns, self._stretch(node.children[close + 1 :], depth), terminator)

    def _function(self, node: Node, depth: int) -> Command:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            return Unparsed(_unparsed_reason(node), *self.range(node))
        command = self._command(body, depth + 1)
        redirects = tuple(self.redirect(c) for c in node.children if c.type in REDIRECTS)
        if redirects:
            command = Redirected(command, redirects, command.start, self.range(node)[1])
        return Function(self.script[slice(*self.range(name))], command, *self.range(node))

    def _test(self, node: Node, _depth: int) -> Command:
        start, end = self.range(node)
        if any(c.type == "ERROR" for c in node.children):
            return Unparsed(_unparsed_reason(node), start, end)
        width = 2 if self.script.startswith("[[", start) else 1
        words = self.words.split(start + width, end - width)
        return Test(tuple(words), self.script[start:end], start, end)

    def _error(self, node: Node, _depth: int) -> Command:
        return Unparsed(_unparsed_reason(node), *self.range(node))


_CLOSING = frozenset({"then", "elif", "else", "fi", "do", "done", "esac"})
"""Reserved words with which no command begins, though tree-sitter takes them for names of programs."""


def _inside(node: Node) -> str:
    """The type of what a statement with redirections is about."""
    body = node.child_by_field_name("body") if node.type == "redirected_statement" else None
    return "" if body is None else body.type


def _unparsed_reason(node: Node) -> str:
    return (
        "syntax error"
        if node.type == "ERROR" or node.has_error
        else f"unexpected {node.type.replace('_', ' ')}"
    )


_READERS: dict[str, Callable[[_Reader, Node, int], Command]] = {
    "command": _Reader._simple,
    "declaration_command": _Reader._simple,
    "unset_command": _Reader._simple,
    "variable_assignment": _Reader._assigned,
    "variable_assignments": _Reader._assigned,
    "redirected_statement": _Reader._redirected,
    "pipeline": _Reader._pipeline,
    "list": _Reader._list,
    "negated_command": _Reader._not,
    "compound_statement": _Reader._group,
    "subshell": _Reader._subshell,
    "if_statement": _Reader._if,
    "while_statement": _Reader._while,
    "for_statement": _Reader._for,
    "c_style_for_statement": _Reader._c_style_for,
    "case_statement": _Reader._case,
    "function_definition": _Reader._function,
    "test_command": _Reader._test,
    "ERROR": _Reader._error,
}
