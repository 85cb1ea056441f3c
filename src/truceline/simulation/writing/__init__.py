"""Writers: sightings into the real file formats of feeds, one file a format."""
