"""What differs between deployments, and the rules that it must satisfy.

Pure Python: nothing in this package imports CDKTF, so a faulty environment is refused before jsii starts.
"""
