"""The kinds of platform: `existing` is looked up, `managed` is made; both give a `modules.shared_platform.Platform`."""
