"""The record's search keys in memory: who would be compared with a referral, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from families.finding.likeness import Facts
from referrals.matching import Key, keys_to_look_for


class Index:
    """Everybody by key and by household, as ``referrals.beside`` asks the database for them."""

    def __init__(self, everybody: Iterable[Facts]) -> None:
        self.by_key: dict[Key, list[Facts]] = defaultdict(list)
        self.children: dict[Any, list[Facts]] = defaultdict(list)
        for one in everybody:
            # A child's date of birth is a key as everybody's is.
            for key in keys_to_look_for([replace(one, child=False)]):
                self.by_key[key].append(one)
            if one.child:
                for family in one.families:
                    self.children[family].append(one)

    def around(self, sent: Sequence[Facts]) -> list[Facts]:
        found = {one.id: one for key in keys_to_look_for(sent) for one in self.by_key.get(key, ())}
        for one in list(found.values()):
            found |= {child.id: child for family in one.families for child in self.children[family]}
        return list(found.values())
