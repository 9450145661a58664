"""The only place that gives a printed chart its drawing and its table, or the words that stand there without."""

from . import tables


def place(node: dict, drawn: dict[str, dict], labels: dict[str, str]) -> bool:
    """Give a chart node its `drawing` and its `table`; says whether there are figures for it."""
    chart = node["drawing"] = drawn.get(node["name"])
    node["source_label"], node["figure_label"] = labels["source"], labels["figure"]
    if chart is None:
        node["caption"] = node["caption"] or [f"{labels['chart']}: {node['name']}"]
        node["table"] = None
        return False
    node["caption"] = node["caption"] or [chart["title"]]
    if node["source"] is None and chart["source"]:
        node["source"] = [chart["source"]]
    node["table"] = {
        "t": "table",
        "caption": None,
        "source": None,
        "align": ["left"] + ["right"] * (len(chart["head"]) - 1),
        "head": [[word] for word in chart["head"]],
        "rows": [[[word] for word in row] for row in chart["rows"]],
    }
    tables.measure(node["table"])
    return True
