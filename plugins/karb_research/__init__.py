"""Trying a strategy out before it trades: bad days, gone through in virtual time. It offers commands only."""
