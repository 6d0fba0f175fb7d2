"""The seam to generated bindings: the only place that names `cdktf` and the provider's package.

Importing it first chooses the engine (imports/engine.py) and makes its bindings load lazily, in Python and in Node;
`terraform` and `aws` then give the names that the modules use. `cdktf get` may write to `imports/generated`, and wipes
that folder.
"""

from imports import lazy

lazy.install()
