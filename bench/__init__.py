"""The benchmarks: what the synthesis costs, beside what it is compared with."""
