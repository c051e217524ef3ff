"""What every optimizer is made of: groups, state, options, hooks."""
