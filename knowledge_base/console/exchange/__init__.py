"""Tables and documents that staff bring along or take away, and changes of figures."""
