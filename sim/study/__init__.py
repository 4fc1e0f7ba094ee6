"""Many runs: replications over processes."""
