"""What people say not to report: in comments, in annotations and in the configuration.

Knows spans and names, and nothing of what single rules look for.
"""
