"""The steps from version to version. What stands here is never changed: ledgers were made by it."""
