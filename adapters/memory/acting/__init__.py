"""Acting on queues in memory."""
