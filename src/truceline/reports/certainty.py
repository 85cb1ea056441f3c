"""What reports that carry only a date do to certainty."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import Verdict
from truceline.reports.contract import Certainty, Dossier
from truceline.reports.verdicts import findings_of

Mask = npt.NDArray[np.bool_]

OPEN = frozenset({Verdict.INSUFFICIENT_EVIDENCE.value, Verdict.AMBIGUOUS_CLAUSE.value})


def certainty(dossier: Dossier, is_shown: Mask, listed: pa.Table) -> Certainty:
    """How many reports, incidents and findings rest on dates alone, and how many stay open.

    Parameters
    ----------
    is_shown
        `(incidents,)` those of the period that the view sees.
    listed
        Their acts.
    """
    incidents = dossier.incidents.filter(pa.array(is_shown))
    members = dossier.members.filter(
        pc.is_in(
            dossier.members["incident_id"], value_set=incidents["incident_id"].combine_chunks()
        )
    )
    used = pc.is_in(
        dossier.observations["observation_id"],
        value_set=members["observation_id"].combine_chunks(),
    )
    only = dossier.observations["is_date_only"].filter(used)
    found = findings_of(dossier, listed)
    found = found.filter(pc.equal(found["subject_kind"], "act"))
    is_only = np.asarray(found["is_date_only"])
    is_open = np.asarray(pc.is_in(found["verdict"], value_set=pa.array(sorted(OPEN))))
    return Certainty(
        observations=len(only),
        date_only=int(np.count_nonzero(np.asarray(only))),
        incidents=incidents.num_rows,
        incidents_date_only=int(np.count_nonzero(np.asarray(incidents["is_date_only"]))),
        findings_timed=int(np.count_nonzero(~is_only)),
        findings_timed_open=int(np.count_nonzero(~is_only & is_open)),
        findings_date_only=int(np.count_nonzero(is_only)),
        findings_date_only_open=int(np.count_nonzero(is_only & is_open)),
    )
