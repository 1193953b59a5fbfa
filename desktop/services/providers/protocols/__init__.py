"""How: one pure module for each wire family, `render_*` going out and `parse_*` coming in."""
