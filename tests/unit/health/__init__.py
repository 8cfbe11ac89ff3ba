"""Health of worker processes."""
