"""Tidy tables of a run, the measures, and the store on disk."""
