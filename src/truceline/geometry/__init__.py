"""Places with error, zones, geodesy and the numeric kernels."""
