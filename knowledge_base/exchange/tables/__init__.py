"""Guidance as spreadsheets: CSV and XLSX files out, and in again with a dry run that shows every change."""
