"""What acts freeze: contents gathered once from what is stored, then sealed by their hash."""
