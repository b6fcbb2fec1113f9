"""The words of the command line do what the README says."""
