"""Ships by AIS: those that keep sending where they must not be."""

from truceline.simulation.observers.account import made
from truceline.simulation.observers.transponders import account_of

# Some 6 % of fishing activity is dark (Welch 2022, algorithms.md 4); of those at fault more; assumed.
OBSERVER = made(account_of("vessels", "AIS receiver", "ais", "maritime", {"sends": 0.7}))
