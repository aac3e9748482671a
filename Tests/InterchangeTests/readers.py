"""Reads exported runs with TensorBoard and MLflow themselves; the tests beside it need neither.

python3 -m venv venv && venv/bin/pip install tensorboard==2.21.0 mlflow==3.17.2
eidetic runs export RUN --format tensorboard logs && eidetic runs export RUN --format mlflow mlruns
MLFLOW_ALLOW_FILE_STORE=true venv/bin/python Tests/InterchangeTests/readers.py RUN_FOLDER logs mlruns
"""

import json
import os
import sys

run, logs, mlruns = sys.argv[1:4]
result = json.load(open(os.path.join(run, "result.json")))
name = os.path.basename(os.path.abspath(run))
cells = {}
for cell in result["cells"]:
    ends = [cell[k] for k in ("source", "target") if cell.get(k)]
    further = [f"{k}={v}" for k, v in sorted(cell.get("keys", {}).items())]
    group = [] if cell["group"] == "member" else [f"({cell['group']})"]
    place = " ".join(([" to ".join(ends)] if ends else []) + further + group)
    cells[cell["metric"] + ("/" + place if place else "")] = cell


def tensorboard():
    from tensorboard.backend.event_processing import plugin_event_multiplexer
    from tensorboard.plugins.hparams import metadata

    all_runs = plugin_event_multiplexer.EventMultiplexer(
        size_guidance={"scalars": 0, "images": 0, "histograms": 0, "tensors": 0}
    ).AddRunsFromDirectory(logs)
    all_runs.Reload()
    tags = all_runs.Runs()
    assert name in tags, tags.keys()
    for tag, cell in cells.items():
        (event,) = all_runs.Tensors(name, tag)
        assert abs(event.tensor_proto.float_val[0] - cell["mean"]) < 1e-6, tag
    found = {"scalars": 0, "histograms": 0, "images": 0}
    for curve in result["curves"]:
        part = f"{name}/seed-{curve['seed']}"
        events = all_runs.Tensors(part, f"{curve['quantity']}/{curve['stage']}")
        assert [e.step for e in events] == curve["steps"]
        for event, value in zip(events, curve["values"]):
            assert abs(event.tensor_proto.float_val[0] - value) <= 1e-6 * max(1, abs(value))
        found["scalars"] += len(events)
    for plugin in ("histograms", "images"):
        for part, content in all_runs.PluginRunToTagToContent(plugin).items():
            if part.startswith(name):
                found[plugin] += len(content)
                for tag in content:
                    (event,) = all_runs.Tensors(part, tag)
                    if plugin == "images":
                        width, height, png = event.tensor_proto.string_val
                        assert png.startswith(b"\x89PNG") and int(width) and int(height)
                    else:
                        shape = [d.size for d in event.tensor_proto.tensor_shape.dim]
                        assert shape[1] == 3 and shape[0] >= 1, shape
    numbers = [c for c in result["cells"] if c["scale"] != "binary"]
    assert found["histograms"] == sum(len(c["seed_means"]) for c in numbers), found
    report = os.path.join(run, "report.html")
    people = open(report).read().count("<li data-seed=") if os.path.exists(report) else 0
    assert found["images"] == people, (found, people)
    texts = all_runs.PluginRunToTagToContent("text")[name]
    text = all_runs.Tensors(name, next(iter(texts)))[0].tensor_proto.string_val[0].decode()
    assert result["experiment"] and result["manifest"]["command"][0] in text
    hparams = all_runs.PluginRunToTagToContent("hparams")[name]
    start = metadata.parse_session_start_info_plugin_data(hparams["_hparams_/session_start_info"])
    assert set(start.hparams) == set(result["manifest"]["parameters"]), start
    end = metadata.parse_session_end_info_plugin_data(hparams["_hparams_/session_end_info"])
    experiment = metadata.parse_experiment_plugin_data(hparams["_hparams_/experiment"])
    assert end.status == (1 if result["complete"] else 2)
    assert {m.name.tag for m in experiment.metric_infos} == set(cells)
    print("tensorboard", found, "text, HParams")


def mlflow():
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri="file://" + os.path.abspath(mlruns))
    experiment = client.get_experiment_by_name(result["experiment"])
    runs = client.search_runs([experiment.experiment_id])
    (whole,) = [r for r in runs if r.info.run_name == name]
    seeds = [r for r in runs if r.data.tags.get("mlflow.parentRunId") == whole.info.run_id]
    assert len(seeds) == len(result["seeds"])
    assert whole.data.params == {k: str(v) for k, v in result["manifest"]["parameters"].items()}
    for tag, cell in cells.items():
        assert whole.data.metrics[tag] == cell["mean"], tag
    points = 0
    for curve in result["curves"]:
        (seed,) = [r for r in seeds if r.data.params["seed"] == str(curve["seed"])]
        history = client.get_metric_history(
            seed.info.run_id, f"{curve['quantity']}/{curve['stage']}")
        assert sorted((m.step, m.value) for m in history) == list(
            zip(curve["steps"], curve["values"]))
        points += len(history)
    files = {f.path for f in client.list_artifacts(whole.info.run_id)}
    assert "result.json" in files, files
    assert whole.info.status == ("FINISHED" if result["complete"] else whole.info.status)
    print("mlflow", len(runs), "runs,", points, "points,", len(files), "artifacts")


tensorboard()
mlflow()
