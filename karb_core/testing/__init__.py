"""What a plugin author tests with: views, contract tests, and the scan for numbers in code."""
