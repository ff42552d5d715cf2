"""Tools for people who work on podlint; none of them is part of the package."""
