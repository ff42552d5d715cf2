"""The one parser of YAML, which turns characters into events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

Parser: Callable[[str], Any]
try:
    from yaml._yaml import CParser as Parser
except ImportError:  # PyYAML was built without libyaml: slower, the same events.
    Parser = yaml.SafeLoader


def is_readable(text: str) -> bool:
    """Whether the parser reads a text to its end."""
    parser = Parser(text)
    try:
        while parser.get_event() is not None:
            pass
    except yaml.YAMLError:
        return False
    return True
