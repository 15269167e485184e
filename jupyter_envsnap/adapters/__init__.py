"""One module per neighbour: kernels, prefixes, git, the contents manager, the history."""
