"""Goods as tariffs know them: the catalogue of everyday goods, finding one by its description, and live tariffs.

`catalogue` reads goods.yml, `finder` finds goods by what people call them, `live` asks the tariffs of administrations over the network,
which is off unless it is switched on. The rates of goods stand in each pack's duties.yml.
"""
