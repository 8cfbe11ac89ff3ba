"""Traces and metrics with OpenTelemetry: only its API, so that the application chooses the SDK, or none.

And what lines of a log say of the job they belong to.
"""

from adapters.telemetry.logs import JobFields, add_job_fields, job_fields
from adapters.telemetry.opentelemetry import OpenTelemetry
from adapters.telemetry.propagation import OpenTelemetryPropagation

__all__ = ["JobFields", "OpenTelemetry", "OpenTelemetryPropagation", "add_job_fields", "job_fields"]
