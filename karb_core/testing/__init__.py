"""What a plugin's author, and we, test with."""
