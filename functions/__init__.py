"""One folder per Lambda function, with its handler and nothing else."""
