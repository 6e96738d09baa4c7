"""Finding people: by a name as it was heard or misspelt, by a date, by a number; and knowing that two are one."""
