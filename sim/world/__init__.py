"""What no strategy changes: keyed random numbers and everything drawn from them."""
