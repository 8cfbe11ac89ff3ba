"""Ways to measure, each used by several cases."""
