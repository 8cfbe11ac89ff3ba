"""Looking at queues in memory."""
