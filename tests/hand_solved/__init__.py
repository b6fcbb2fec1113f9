"""Systems of two to four hours whose answer is found by hand."""
