"""Leaves whose hooks want a gradient as soon as it is complete, not at the end."""

from helpers.autograd.graph.hooks import NodeHooks


def leaves_by_depth(root):
    """For each depth the leaves whose gradient is complete once it has been visited.

    That is the depth of the shallowest node that sends them one. Only leaves with
    post-accumulate hooks are looked for, and nothing is, while there are none anywhere.
    """
    if not NodeHooks.any_accumulated:
        return {}
    found = {}
    for leaf, depth in shallowest_senders(root).items():
        found.setdefault(depth, []).append(leaf)
    return found


def shallowest_senders(root):
    """For each leaf with such hooks the least depth of the nodes before it."""
    depths, seen, waiting = {}, {root}, [root]
    while waiting:
        node = waiting.pop()
        for target in [edge.node for edge in node.edges if edge is not None]:
            if target.depth:
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
            elif target.hooks is not None and target.hooks.accumulated:
                depths[target] = min(node.depth, depths.get(target, node.depth))
    return depths
