"""Graphs are read whole, placed without overlap, and drawn to be read."""

import itertools

import networkx
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from helpers.autograd.scalar import Value, walk_backward
from helpers.viz.graph import draw_graph, graph_of, marks
from helpers.viz.graph.layout import apart, arrange, crossings, layers_of, ordered
from helpers.viz.graph.read import node_of
from helpers.viz.png import small_png
from helpers.viz.style import Figure

# A shared machine may be slow for a moment; that says nothing about the code.
unhurried = settings(max_examples=50)


@st.composite
def random_dags(draw, most=40):
    """A directed graph without cycles on 0, 1, ...; edges run from small to large."""
    count = draw(st.integers(2, most))
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(count))
    for node in range(1, count):
        inputs = st.sets(st.integers(0, node - 1), max_size=3)
        graph.add_edges_from((source, node) for source in draw(inputs))
    return graph


def computation(graph) -> tuple[Value, list[Value]]:
    """Values that were computed from each other as the graph says."""
    values = []
    for node in graph:
        inputs = tuple(values[source] for source in graph.predecessors(node))
        values.append(Value(node, inputs, (1.0,) * len(inputs), "f" if inputs else ""))
    ends = [values[node] for node in graph if graph.out_degree(node) == 0]
    return Value(0, tuple(ends), (1.0,) * len(ends), "end"), values


def worked_example():
    x, y = Value(1.0, name="x"), Value(2.0, name="y")
    z = 3 * x**2 + y**3
    z.name = "z"
    return x, y, z


def texts_in(figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


class TestReading:
    @given(random_dags())
    @unhurried
    def test_every_node_and_edge_appears_once(self, graph):
        root, values = computation(graph)
        read = graph_of(root)
        assert set(read) == {root, *values}
        ends = sum(graph.out_degree(node) == 0 for node in graph)
        assert read.number_of_edges() == graph.number_of_edges() + ends

    def test_facts_of_the_worked_example(self):
        x, y, z = worked_example()
        z.backward()
        graph = graph_of(z)
        assert graph.nodes[x] == {
            "operation": "",
            "name": "x",
            "value": 1.0,
            "gradient": 6.0,
        }
        square = next(iter(graph.successors(x)))
        assert graph.nodes[square]["operation"] == "** 2"
        assert graph.edges[x, square]["derivatives"] == (2.0,)
        assert graph.nodes[z]["gradient"] is None

    def test_a_value_used_twice_by_one_operation_keeps_both_derivatives(self):
        x = Value(3.0)
        square = x * x
        assert graph_of(square).edges[x, square]["derivatives"] == (3.0, 3.0)

    def test_what_is_shared_is_read_once(self):
        x = Value(1.0)
        square = value = x * x
        for _ in range(60):
            value = value * value
        graph = graph_of(value)
        assert len(graph) == 62
        assert graph.edges[x, square]["derivatives"] == (1.0, 1.0)

    def test_depth_is_no_limit(self):
        value = Value(1.0)
        for _ in range(20_000):
            value = value + 1
        assert len(graph_of(value)) == 20_001

    def test_a_shared_tensor_appears_once(self):
        w = torch.tensor([1.0, 2.0], requires_grad=True)
        exp = w.exp()
        graph = graph_of((exp * exp + w).sum(), names={w: "w", exp: "e"})
        facts = [graph.nodes[node] for node in (w, node_of(exp))]
        assert [f["name"] for f in facts] == ["w", "e"]
        assert [f["operation"] for f in facts] == ["", "Exp"]
        assert len(graph) == 5

    def test_tensors_show_numbers_or_shapes(self):
        w = torch.tensor([1.0, 2.0], requires_grad=True)
        b = torch.tensor(0.5, requires_grad=True)
        loss = (w * b).sum()
        loss.backward()
        graph = graph_of(loss)
        assert graph.nodes[w]["value"] == (2,)
        assert (graph.nodes[b]["value"], graph.nodes[b]["gradient"]) == (0.5, 3.0)
        assert graph.nodes[loss.grad_fn]["value"] == 1.5

    def test_a_node_and_a_leaf_can_be_roots(self):
        w = torch.tensor(1.0, requires_grad=True)
        assert list(graph_of(w)) == [w]
        assert len(graph_of((w * 2).grad_fn)) == 2

    def test_devices_make_no_difference(self, device):
        w = torch.ones(2, requires_grad=True, device=device)
        assert len(graph_of((w * 2).sum())) == 3

    @pytest.mark.parametrize("root", [3.0, "text", None, torch.ones(2)])
    def test_what_remembers_nothing_is_refused_in_words(self, root):
        with pytest.raises(TypeError, match="Give a Value, a tensor"):
            graph_of(root)


class TestLayout:
    @given(random_dags())
    @unhurried
    def test_layers_increase_along_edges_and_leave_no_gap(self, graph):
        layers = layers_of(graph)
        assert all(layers[start] < layers[end] for start, end in graph.edges)
        assert min(layers.values()) >= 0
        near = networkx.DiGraph(
            (start, end)
            for start, end in graph.edges
            if layers[end] == layers[start] + 1
        )
        assert set(near) == {node for edge in graph.edges for node in edge}
        assert all(near.in_degree(n) for n in near if graph.in_degree(n))

    @given(random_dags(), st.data())
    @unhurried
    def test_no_two_boxes_overlap_and_no_route_crosses_a_box(self, graph, data):
        sides = st.tuples(st.floats(10, 120), st.floats(10, 60))
        size = st.lists(sides, min_size=len(graph), max_size=len(graph))
        sizes = data.draw(size)
        placed = arrange(graph, sizes, across=lambda layer: 30.0)
        assert placed == arrange(graph.copy(), sizes, across=lambda layer: 30.0)
        for one, other in itertools.combinations(placed.boxes.values(), 2):
            assert not _overlap(one, other)
        for edge, route in placed.routes.items():
            others = [box for node, box in placed.boxes.items() if node not in edge]
            assert not any(_runs_through(route, box) for box in others)

    @given(random_dags())
    @unhurried
    def test_arrows_run_from_left_to_right_and_arrive_side_by_side(self, graph):
        placed = arrange(graph, [(20.0, 10.0)] * len(graph), across=lambda layer: 30.0)
        for (start, end), route in placed.routes.items():
            (first, level), (last, height) = route[0], route[-1]
            box, target = placed.boxes[start], placed.boxes[end]
            assert (first, level) == (box.left + box.width, box.middle)
            assert last == target.left
            assert abs(height - target.middle) < target.height / 2
            across = [x for x, _ in route]
            assert across == sorted(across)
            assert last - first >= 30.0 - 1e-6
        for node in graph:
            routes = [placed.routes[edge] for edge in graph.in_edges(node)]
            routes.sort(key=lambda route: route[-2][1])
            ends = [route[-1][1] for route in routes]
            assert ends == sorted(set(ends))

    @given(random_dags())
    @unhurried
    def test_everything_lies_within_the_stated_size(self, graph):
        placed = arrange(graph, [(20.0, 10.0)] * len(graph), across=lambda layer: 30.0)
        for box in placed.boxes.values():
            assert -1e-6 <= box.left <= placed.width - box.width + 1e-6
            assert 5 - 1e-6 <= box.middle <= placed.height - 5 + 1e-6

    @given(random_dags(most=15))
    @unhurried
    def test_ordering_never_adds_crossings(self, graph):
        layers = layers_of(graph)
        near = [(a, b) for a, b in graph.edges if layers[b] == layers[a] + 1]
        graph = networkx.DiGraph(near)
        graph.add_nodes_from(layers)
        before = [[] for _ in range(max(layers.values()) + 1)]
        for node in graph:
            before[layers[node]].append(node)
        after = ordered(graph, layers)
        assert crossings(graph, after) <= crossings(graph, before)
        assert [sorted(column) for column in after] == [sorted(c) for c in before]

    def test_a_tree_is_drawn_without_crossings(self):
        tree = networkx.balanced_tree(2, 4, create_using=networkx.DiGraph).reverse()
        mixed = networkx.DiGraph(sorted(tree.edges, key=lambda edge: hash(str(edge))))
        layers = layers_of(mixed)
        assert crossings(mixed, ordered(mixed, layers)) == 0

    @given(
        st.lists(
            st.tuples(st.floats(-99, 99), st.floats(0.5, 9), st.floats(0, 9)),
            min_size=1,
        )
    )
    @unhurried
    def test_places_are_apart_and_stay_where_they_can(self, rows):
        wanted, weights, gaps = zip(*rows, strict=True)
        places = apart(wanted, weights, gaps[1:])
        for gap, (one, other) in zip(gaps[1:], itertools.pairwise(places), strict=True):
            assert other - one >= gap - 1e-9
        mean = sum(w * p for w, p in zip(weights, places, strict=True))
        wish = sum(w * p for w, p in zip(weights, wanted, strict=True))
        assert mean == pytest.approx(wish, abs=1e-6)

    def test_a_chain_runs_straight(self):
        _, _, z = worked_example()
        graph = networkx.convert_node_labels_to_integers(graph_of(z))
        placed = arrange(graph, [(40.0, 20.0)] * 6, across=lambda layer: 30.0)
        heights = {round(box.middle, 6) for box in placed.boxes.values()}
        assert len(heights) == 3


def _overlap(one, other) -> bool:
    apart_x = one.left + one.width <= other.left or other.left + other.width <= one.left
    distance = abs(one.middle - other.middle)
    return not apart_x and distance < (one.height + other.height) / 2 - 1e-6


def _runs_through(route, box) -> bool:
    """Whether a level piece of a route crosses a box; curves stay between layers."""
    for (left, y), (right, _) in zip(route[1::2], route[2::2], strict=False):
        meets = left < box.left + box.width and box.left < right
        if meets and abs(y - box.middle) < box.height / 2 - 1e-6:
            return True
    return False


class TestDrawing:
    def test_values_gradients_and_derivatives_are_shown(self):
        _, _, z = worked_example()
        z.backward()
        shown = texts_in(draw_graph(z))
        for text in ("x", " = 1", "grad 6", "y", "grad 12", "+ → z", " = 11", "** 2"):
            assert text in shown
        assert {"2", "3", "12", "1"} <= set(shown)

    def test_values_gradients_and_labels_can_be_left_out(self):
        _, _, z = worked_example()
        z.backward()
        plain = draw_graph(z, values=False, gradients=False, edge_labels=False)
        assert sorted(texts_in(plain)) == sorted(
            ["x", "y", "** 2", "** 3", "× 3", "+ → z"]
        )

    def test_given_gradients_and_labels_are_shown(self):
        x, _, z = worked_example()
        square = z.inputs[0].inputs[0]
        figure = draw_graph(z, gradients={x: 4.5}, edge_labels={(x, square): "here"})
        assert {"grad 4.5", "here"} <= set(texts_in(figure))
        assert "12" not in texts_in(figure)

    def test_the_boxes_stay_in_place_while_gradients_arrive(self):
        _, _, z = worked_example()
        steps = dict(walk_backward(z))
        none, some, every = (dict(list(steps.items())[:k]) for k in (0, 3, 6))
        drawn = [draw_graph(z, gradients=shown) for shown in (none, some, every)]
        places = [self.boxes(figure) for figure in drawn]
        assert len(places[0]) == 6
        assert places[0] == places[1] == places[2]

    @staticmethod
    def boxes(figure):
        patches = figure.axes[0].patches
        return [
            patch.get_bbox().bounds for patch in patches if hasattr(patch, "get_bbox")
        ]

    def test_marked_nodes_and_the_arrows_to_them_stand_out(self):
        _, _, z = worked_example()
        bold = [
            patch
            for patch in draw_graph(z, highlight=[z]).axes[0].patches
            if patch.get_linewidth() > 1.5
        ]
        assert len(bold) == 3

    def test_torch_tensors_can_be_named_marked_and_given_gradients(self):
        w = torch.tensor([1.0, 2.0], requires_grad=True)
        exp = w.exp()
        figure = draw_graph(
            exp.sum(), names={w: "w"}, highlight=[exp], gradients={exp: 1.0, w: 2.0}
        )
        assert {"w", " (2,)", "Exp", "grad 1", "grad 2"} <= set(texts_in(figure))

    def test_the_text_beside_the_picture_reads_the_graph(self):
        x, _, z = worked_example()
        assert repr(draw_graph(z)) == (
            "Figure(graph of 6 nodes: + → z = 11, × 3 = 3, ** 3 = 8, ** 2 = 1, "
            "x = 1, y = 2)"
        )

    def test_it_draws_on_a_given_figure_within_its_bounds(self):
        figure = Figure((4, 2))
        _, _, z = worked_example()
        assert draw_graph(z, figure, title="small") is figure
        small_png(figure)
        for text in figure.findobj(Text):
            if text.get_text():
                box = text.get_window_extent()
                assert 0 <= box.x0 and box.x1 <= figure.bbox.x1
                assert 0 <= box.y0 and box.y1 <= figure.bbox.y1

    @given(random_dags(most=25), st.floats(3, 9), st.floats(1.5, 6))
    @settings(unhurried, max_examples=15)
    def test_any_graph_fits_into_any_figure(self, graph, width, height):
        figure = Figure((width, height))
        draw_graph(computation(graph)[0], figure, edge_labels=False)
        axes = figure.axes[0]
        scale = min(text.get_fontsize() for text in axes.texts) / marks.FONT
        left, right = axes.get_xlim()
        bottom, top = axes.get_ylim()
        assert (right - left) * scale <= 72 * width
        assert (bottom - top) * scale <= 72 * height
        for box in self.boxes(figure):
            assert left <= box[0] <= box[0] + box[2] <= right
            assert top <= box[1] <= box[1] + box[3] <= bottom

    def test_equal_graphs_have_equal_pictures(self):
        one, other = (draw_graph(worked_example()[2]) for _ in range(2))
        assert small_png(one) == small_png(other)

    @pytest.mark.parametrize("hidden", [1, 2, 3])
    @pytest.mark.parametrize("labels", [True, False])
    def test_no_text_overlaps_another_up_to_forty_nodes(self, hidden, labels):
        loss = network(hidden)
        assert len(graph_of(loss)) <= 40
        figure = draw_graph(loss, edge_labels=labels)
        small_png(figure)
        drawn = [text for text in figure.findobj(Text) if text.get_text()]
        boxes = [text.get_window_extent().padded(-1.5) for text in drawn]
        for one, other in itertools.combinations(boxes, 2):
            assert not one.overlaps(other)
        assert min(text.get_fontsize() for text in drawn) > (6 if labels else 7)

    def test_more_than_forty_nodes_are_counted(self):
        assert any("60 nodes" in text for text in texts_in(draw_graph(network(5))))

    def test_too_many_nodes_are_refused_with_their_number(self):
        value = Value(1.0)
        for _ in range(200):
            value = value + 1
        with pytest.raises(ValueError, match="201 nodes; up to 200"):
            draw_graph(value)

    def test_a_stranger_cannot_be_marked(self):
        _, _, z = worked_example()
        with pytest.raises(ValueError, match="no node of this graph"):
            draw_graph(z, highlight=[Value(1.0)])


def network(hidden: int) -> Value:
    """The loss of a network with two inputs, some hidden neurons and one output."""
    inputs = [Value(0.5, name="x1"), Value(-1.2, name="x2")]
    total = Value(0.2, name="c")
    for k in range(hidden):
        weights = [Value(0.37 * k - j, name=f"w{k}{j}") for j in range(2)]
        bias, outer = Value(0.1, name=f"b{k}"), Value(-0.61 * k, name=f"v{k}")
        before = weights[0] * inputs[0] + weights[1] * inputs[1] + bias
        total = outer * before.tanh() + total
    return (total - 1) ** 2


class TestMarks:
    @pytest.mark.parametrize(
        ("value", "text"),
        [(6.0, "6"), (-0.0, "0"), (1 / 3, "0.3333"), (float("inf"), "inf")],
    )
    def test_numbers_have_four_digits_at_most(self, value, text):
        assert marks.number(value) == text

    def test_a_leaf_without_name_shows_its_number_alone(self):
        value = Value(2.0)
        (line,) = marks.lines_of(graph_of(value).nodes[value], stacked=False)
        assert [part.text for part in line] == ["2"]

    def test_labels_move_aside_for_each_other(self):
        routes = {1: [(0.0, 0.0), (100.0, 0.0)], 2: [(0.0, 2.0), (100.0, 2.0)]}
        (one, _), (other, _) = marks.label_spots(routes, {1: 10.0, 2: 10.0}).values()
        assert abs(one - other) >= 12
