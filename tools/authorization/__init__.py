"""The authorization matrix: what the policy says of each operation, for the test of every cell and for the page."""
