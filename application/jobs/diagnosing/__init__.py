"""Finding what usually goes wrong: one use case, and the findings it returns."""

from application.jobs.diagnosing.diagnose import Diagnose
from application.jobs.diagnosing.finding import Finding, FindingKind, Severity

__all__ = ["Diagnose", "Finding", "FindingKind", "Severity"]
