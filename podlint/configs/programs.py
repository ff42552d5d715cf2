"""The programs whose configuration is read: asked of every container, so it loads nothing else."""

CONFIGURED = frozenset({"fluent-bit", "fluentd", "filebeat", "promtail", "vector", "logrotate", "nginx"})
"""Base names of the programs, as commands call them."""
