"""How text that comes from a manifest is shown: what cannot be seen, and how wide the rest is."""
