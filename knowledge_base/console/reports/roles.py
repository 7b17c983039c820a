"""Who reads the reports."""

_READ = "reports.read_reports"

PERMISSIONS = {
    role: [_READ] for role in ("author", "translator", "reviewer", "publisher", "analyst", "auditor", "manager")
}
