"""The resources: what one environment becomes in AWS. One resource type has one home."""
