"""What operators run: backup, restore and the restore drill."""
