"""Floor 2: sky, wind, river and demand turned into 8760 hourly values.

calendar   the model year: 8760 hours, hour-beginning, UTC+8
sky        sun position and clear sky (pvlib)
weather    the hourly weather of all sites, and its seeded generator (radiation, air)
solar      photovoltaic capacity factors (pvlib)
csp        heat from a heliostat field (pvlib, through sky)
wind       wind capacity factors (windpowerlib)
inflow     monthly river flows to hours
demand     monthly day shapes to hours
direct     checks on hourly series that a user supplies
cache      computed frames kept on disk under a hash of their inputs
"""
