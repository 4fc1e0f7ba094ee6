"""Other people's data made into pieces of a scenario."""
