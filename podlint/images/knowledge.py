"""The old way to what is known of images, for modules that do not yet get it handed in."""

from __future__ import annotations

from podlint.knowledge.image import Image, Port
from podlint.knowledge.knowledge import built_in

__all__ = ["Image", "Port", "image_of"]


# To be removed with the last module that imports it: see `Knowledge.image`.
def image_of(reference: str) -> Image | None:
    """The facts about an image by its reference; None where there are none."""
    return built_in().image(reference)
