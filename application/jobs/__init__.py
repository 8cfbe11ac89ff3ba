"""Running jobs, and operating queues."""
