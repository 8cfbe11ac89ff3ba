"""Acting on queues in PostgreSQL."""
