"""Traces, with opentelemetry-api alone: which SDK listens is the application's choice."""

from adapters.telemetry.propagation import OpenTelemetryPropagation

__all__ = ["OpenTelemetryPropagation"]
