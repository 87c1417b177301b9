"""The example is nobody's part of this house: what is in it runs in a process of its own."""

collect_ignore_glob = ["karb-plugin-*"]
