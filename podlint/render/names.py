"""Names that say what a directory is."""

CHART = "Chart.yaml"
"""The file that makes a directory a Helm chart."""
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""The files any of which makes a directory a kustomization."""
VALUES = "values.yaml"
"""The file with a chart's own values."""
