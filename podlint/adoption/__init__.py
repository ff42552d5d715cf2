"""What is new among findings: beside those that a baseline holds, and on the lines that have changed."""
