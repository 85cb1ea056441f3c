"""How the documentation is built: offline, warnings as errors."""

project = "Truceline"
author = "The Truceline authors"
copyright = "2026, the Truceline authors"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["truceline.css"]
html_copy_source = False
html_title = "Truceline"
html_theme_options = {"sidebar_hide_name": False}
myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3
nitpicky = True
