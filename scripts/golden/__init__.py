"""Writes tests/golden with the reference libraries; see tests/golden/README.md."""
