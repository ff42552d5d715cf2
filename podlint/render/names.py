"""Names that say what a directory is."""

CHART = "Chart.yaml"
"""The file that makes a directory a Helm chart."""
VALUES = "values.yaml"
"""The file with a chart's own values."""
