"""How the kernels of fusion are compiled."""

from typing import Any

# Kernels of evidence: a product and a sum may be one instruction, and a quotient is not checked
# for zero, of which there is none (covariances and variances are bounded below).
FAST: dict[str, Any] = {"cache": True, "error_model": "numpy", "fastmath": {"contract"}}

# Kernels within kernels that make no array: references to arrays are not counted in them. A count
# is one place in memory, at which all threads would queue for every pair of reports.
_UNCOUNTED: dict[str, Any] = {"_nrt": False}
LEAF: dict[str, Any] = {**FAST, **_UNCOUNTED}

# Small leaves that are asked for every pair: a call would first write a hundred words of arguments,
# for each array of reports, terms and groups is seven.
INLINE: dict[str, Any] = {**LEAF, "forceinline": True}
PLAIN_LEAF: dict[str, Any] = {"cache": True, **_UNCOUNTED}
