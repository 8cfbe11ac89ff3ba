"""One package per technology. They know the inner layers, and of each other only payloads and telemetry."""
