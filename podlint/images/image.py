"""The old place of `Image`, for modules that are not ported yet."""

from podlint.knowledge.image import Image

# To be removed with the last module that imports it.
__all__ = ["Image"]
