"""Traces and metrics with OpenTelemetry: only its API, so that the application chooses the SDK, or none."""

from adapters.telemetry.opentelemetry import OpenTelemetry
from adapters.telemetry.propagation import OpenTelemetryPropagation

__all__ = ["OpenTelemetry", "OpenTelemetryPropagation"]
