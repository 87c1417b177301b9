"""What every venue's adapter shares on its way to the venue: how often, how long, once or again, and what came back.

aiohttp has one door, and it is this room. Nothing here knows a venue.
"""
