"""The parts of the benchmarks that can be tested without measuring."""
