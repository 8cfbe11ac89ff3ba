"""The queues that are compared, each seen from the benchmark."""
