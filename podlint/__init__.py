"""podlint reads Kubernetes manifests as kubelet, shell and file system would, and reports what goes wrong."""

__version__ = "0.1.0"
