"""What only the adapter in memory promises. What every adapter promises is in tests/contract."""
