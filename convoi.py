"""Says under which name the package is imported, to whoever tries that of the distribution and the command."""

raise ImportError("Convoi is imported as sim: import sim", name="convoi")
