"""karb's tests: a package, so that one of this name that another distribution installs does not take its place."""
