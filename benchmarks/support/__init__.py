"""What benchmarks measure against."""
