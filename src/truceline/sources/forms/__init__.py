"""Forms that missions upload to their servers; `patrol_reports` reads what comes back."""
