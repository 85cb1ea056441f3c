"""Aircraft by ADS-B: most military ones send nothing."""

from truceline.simulation.observers.account import made
from truceline.simulation.observers.transponders import account_of

OBSERVER = made(
    account_of("aircraft", "ADS-B receiver", "adsb", "aircraft_overflight", {"sends": 0.25})
)  # assumed
