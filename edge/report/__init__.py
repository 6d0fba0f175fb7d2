"""The state of an environment as one page for people: its picture, its checks, its quotas and its last plan."""
