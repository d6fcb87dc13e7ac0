# A right notebook with twenty megabytes of outputs, NaN among them, which are never built.
# expect: graded 6
# twin: an output with NaN
# expect of the twin: graded 6

def attack(document):
    data = {"application/vnd.plotly.v1+json": {"x": "NUMBERS"}}
    first(document, "code")["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    return dumped(document).replace(b'"NUMBERS"', b"[" + b"NaN, 0.123456, " * 1_350_000 + b"0]")


def twin(document):
    data = {"application/vnd.plotly.v1+json": {"x": [float("nan")]}}
    first(document, "code")["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
