"""What podlint costs, measured as ratios in one run."""
