"""Core: the rules of a school information system, shared by every function as a Lambda layer."""
