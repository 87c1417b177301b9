"""Trying a strategy out before it trades: over data, told whole, and through bad days in virtual time. It offers commands only."""
