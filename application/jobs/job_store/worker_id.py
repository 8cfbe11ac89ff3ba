"""Which pool of workers."""

from typing import NewType

WorkerId = NewType("WorkerId", int)
"""Identifies one registration of a worker pool. A pool that was declared dead gets another one."""
