"""What a team has written down about its checks: read, validated, and resolved for each path."""
