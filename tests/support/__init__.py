"""What the tests share: environments, workspaces, servers, samplers and snapshots."""
