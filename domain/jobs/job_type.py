"""The stable names under which job classes are stored."""

from dataclasses import fields

from domain.jobs.errors import InvalidJob


def job_type_of(job_class: type) -> str:
    """Return the name under which jobs of this class are stored.

    That is the class attribute `job_type` where the class itself declares one, else the qualified
    name (`package.module.Class`). A subclass does not inherit the name: it would be decoded as its
    parent.

    Raises `InvalidJob` where the declared name is not a string of 1 to 200 printable characters.
    """
    declared: object = vars(job_class).get("job_type")
    if declared is None or _is_field(job_class, "job_type"):
        return f"{job_class.__module__}.{job_class.__qualname__}"
    return _checked(job_class, declared)


def former_job_types_of(job_class: type) -> tuple[str, ...]:
    """Return the names the class was stored under before, from its attribute `former_job_types`.

    Jobs stored under a former name reach the job func of the class as if they had its name of today.

    Raises `InvalidJob` where the attribute is not a list, tuple or set of valid names.
    """
    declared: object = vars(job_class).get("former_job_types", ())
    if _is_field(job_class, "former_job_types"):
        return ()
    if not isinstance(declared, (list, tuple, set, frozenset)):
        msg = f"{job_class.__qualname__}.former_job_types must be a tuple of names, not {declared!r}"
        raise InvalidJob(msg)
    names: list[object] = list(declared)  # pyright: ignore[reportUnknownArgumentType]  # checked one by one
    return tuple(_checked(job_class, name) for name in names)


def _is_field(job_class: type, name: str) -> bool:
    # A class variable is listed there, too, but is not one of the fields.
    listed = name in getattr(job_class, "__dataclass_fields__", {})
    return listed and any(field.name == name for field in fields(job_class))


def _checked(job_class: type, name: object) -> str:
    if isinstance(name, str) and 0 < len(name) <= _LONGEST and name.isprintable():
        return name
    msg = (
        f"the job type of {job_class.__qualname__} must be a string of 1 to {_LONGEST} printable "
        f"characters, not {name!r:.80}"
    )
    raise InvalidJob(msg)


_LONGEST = 200
