"""What podlint believes of a pod, as plain data: for people, for programs, and for rules that users write."""
