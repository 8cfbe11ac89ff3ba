"""Looking at queues in PostgreSQL."""
