"""The local AWS, its stack and the commands of the Makefile; nothing of it is deployed."""
