"""The arithmetic of the model as pure functions of numbers.

Only + - x /, comparisons, ``math.sqrt``, ``math.floor`` and ``math.exp``, ``log``, ``log1p``, ``expm1`` and ``pow``
are used, so that a compiled twin gives the same bits.
"""
