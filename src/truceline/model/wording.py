"""Numbers in sentences for people."""


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun.

    Parameters
    ----------
    number
        How many.
    one, many
        The noun of one, and of any other number.

    Examples
    --------
    >>> counted(1, "error", "errors"), counted(1200, "row", "rows")
    ('1 error', '1,200 rows')
    """
    return f"{number:,} {one if number == 1 else many}"
