"""What every venue's adapter shares on its way to the venue: how often, how long, once or again, what came back, and
what follows from it for an order.

aiohttp has one door, and it is this room. Nothing here knows a venue.
"""
