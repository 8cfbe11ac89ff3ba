"""Tracing with OpenTelemetry: only its API, so that the application chooses the SDK, or none."""

from adapters.telemetry.propagation import OpenTelemetryPropagation

__all__ = ["OpenTelemetryPropagation"]
