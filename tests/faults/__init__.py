"""Faults: real processes, real signals, a real server, and a checker that knows nothing of how a queue works."""
