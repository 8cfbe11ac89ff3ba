"""The identity of a job."""


class JobId(int):
    """Identifies one job for ever, in every attempt: the idempotency key for effects elsewhere.

    Ids of one database grow in the order of enqueue. They are never reused, and say nothing else.
    """

    __slots__ = ()
