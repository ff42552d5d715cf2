"""Patterns that podlint once had, each with the use that took more than linear time on text of a manifest."""

from __future__ import annotations

import re

BREAKS = {
    "a table of TOML": (r"\[+\s*([^]]+?)\s*\]+\s*(?:#.*)?$", 0, "match"),
    "an assignment in arithmetic": (
        r"([A-Za-z_][A-Za-z0-9_]*)\s*(?:[-+*/%|&^]|<<|>>)?=(?!=)|([A-Za-z_]\w*)(?:\+\+|--)|(?:\+\+|--)([A-Za-z_]\w*)",
        0,
        "scan",
    ),
    "a glob of the shell": (r"\*+|\?|\[[^\]/]*\]", 0, "scan"),
    "a glob of a configuration": (r"(\*+|\?|\[[^]/]+\])", 0, "scan"),
    "braces": (r"\{([^{}]*,[^{}]*)\}|\{(-?\d{1,4})\.\.(-?\d{1,4})\}", 0, "search"),
    "a quoted substitution": (r"\$\(\s*([a-z][a-z0-9_.-]*)([^()]*(?:\([^()]*\)[^()]*)*)\)", 0, "scan"),
    "quoted backquotes": (r"`\s*([a-z]+)([^`]*)`", 0, "scan"),
    "the option of a shell": (r"-[a-z]*c[a-z]*", 0, "fullmatch"),
    "a loop over parameters": (
        r"\$[@*#1-9]|\$\{[@*#!1-9]|(?<![\w-])(?:shift|getopts|set|source|eval|BASH_ARGV)(?![\w-])"
        r"|(?:^|[;&|\s])\.\s|(?<!\w)for\s+\w+\s*(?:;|\n)?\s*do(?!\w)",
        0,
        "search",
    ),
    "a variable of a Service": (
        r"[A-Z_][A-Z0-9_]*_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?"
        r"|PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)",
        0,
        "fullmatch",
    ),
    "a tag of fluentd": (r"<(/?)([\w@]+)[^>]*>\s*$", 0, "match"),
    "a token of nginx": (
        r"#[^\n]*|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[{};]|(?:\$\{[^}\s]*\}|[^\s{};\"'])+",
        0,
        "scan",
    ),
    "a string of TOML": (r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'", 0, "scan"),
    "what is filled in": (
        r"\$\{[^}]*\}|\$\([^)]*\)|\{\{.*?\}\}|%\{[^}]*\}|#\{[^}]*\}|\$[A-Za-z_]\w*|<%.*?%>",
        0,
        "scan",
    ),
    "metadata of a ConfigMap": (
        r"^metadata[ \t]*:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*"
        r"((?P<indent> +)\S.*\n?(?:(?P=indent).*\n?|[ \t]*(?:#.*)?\r?\n)*)",
        re.MULTILINE,
        "search",
    ),
    "a mode that others may write": (r"[ao]*\+[rwx]*w[rwx]*", 0, "fullmatch"),
}
