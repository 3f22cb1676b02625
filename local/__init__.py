"""Running Narthex on this machine: a local AWS, the sandbox, the commands of the Makefile."""
