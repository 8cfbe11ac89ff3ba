"""Why there is no result."""


class NotAvailable(Exception):
    """A contender cannot take part here; the others go on."""


class MeasurementFailed(Exception):
    """A run did not do what it should have done, so its speed means nothing."""
