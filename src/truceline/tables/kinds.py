"""Types and columns that several schemas share."""

import pyarrow as pa

INSTANT = pa.timestamp("us", tz="UTC")

ORIGIN = [
    pa.field("exhibit", pa.string()),  # sha256 of the preserved bytes, hex
    pa.field("file", pa.string()),  # name of the file within the exhibit's batch
    pa.field("line", pa.int32()),  # line or row number in that file, from 1
]

PLACE = [
    pa.field("lat", pa.float64()),
    pa.field("lon", pa.float64()),
    pa.field("error_major_m", pa.float64()),
    pa.field("area_id", pa.string()),
]
