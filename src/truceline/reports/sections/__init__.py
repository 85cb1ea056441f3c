"""Sections: one file each, from a release to paragraphs, tables and figures."""
