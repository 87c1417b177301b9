"""One venue as a pure state machine: no clock, no chance, no I/O; time comes in with every call."""
