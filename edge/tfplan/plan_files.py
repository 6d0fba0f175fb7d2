"""The names of the files in a plan's folder that a review reads."""

PLAN = "plan.json"
CONFIGURATION = "cdk.tf.json"
BASE = "base.json"
SEAL = "seal.json"
NEIGHBOURS = "neighbours.json"
SCAN = "scan.json"
IMPORTS = "imports.json"
