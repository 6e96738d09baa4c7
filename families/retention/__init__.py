"""How long records are kept, and how they end.

``schedule`` has the rules, ``due`` works out each night what is over, ``keeping`` gathers what speaks against deleting
and what the family could have first. A manager decides; the worker carries it out (``deleting``): files first, then
every row that ``belonging`` finds, in an order that a crash anywhere leaves resumable. What was erased is written
outside of the database (``ledger``), so that a restored backup loses it again (``again``). ``certificate`` is what is
left.
"""
