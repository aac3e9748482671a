# Makes unlearning_losses.json: the losses of unlearning methods and their derivatives, each written
# here from its paper's formula, word by word and without the shortcuts of a library, and
# differentiated by PyTorch in double precision. Run: python3 unlearning_losses.py
import json
import pathlib

import torch

from draws import Draws

torch.set_default_dtype(torch.float64)


def probabilities(logits, temperature=1.0):
    scaled = torch.exp(logits / temperature)
    return scaled / scaled.sum()


def log_sigmoid(x):
    return torch.log(1 / (1 + torch.exp(-x)))


def mean(terms):
    return sum(terms) / len(terms)


def npo(nll, reference, beta):
    return mean([-2 / beta * log_sigmoid(beta * (a - b)) for a, b in zip(nll, reference)])


def sim_npo(mean_nll, beta, delta):
    return mean([-2 / beta * log_sigmoid(beta * (a - delta)) for a in mean_nll])


def dpo(wanted, wanted_reference, unwanted, unwanted_reference, beta):
    terms = []
    for w, w0, u, u0 in zip(wanted, wanted_reference, unwanted, unwanted_reference):
        log_ratio_wanted, log_ratio_unwanted = -w - -w0, -u - -u0
        terms.append(-2 / beta * log_sigmoid(beta * (log_ratio_wanted - log_ratio_unwanted)))
    return mean(terms)


def kl(reference, logits, temperature):
    terms = []
    for z0, z in zip(reference, logits):
        p0, p = probabilities(z0, temperature), probabilities(z, temperature)
        terms.append((p0 * torch.log(p0 / p)).sum())
    return temperature**2 * mean(terms)


def undial(logits, reference, labels, strength):
    terms = []
    for z, z0, y in zip(logits, reference, labels):
        lowered = z0.clone()
        lowered[y] = lowered[y] - strength
        terms.append(-(probabilities(lowered) * torch.log(probabilities(z))).sum())
    return mean(terms)


def ce_u(logits, labels):
    terms = []
    for z, y in zip(logits, labels):
        p = probabilities(z.detach()).clone()
        p[y] = 0
        terms.append(-(p / p.sum() * torch.log(probabilities(z))).sum())
    return mean(terms)


def wga(log_probabilities, beta):
    weights = torch.exp(log_probabilities.detach()) ** beta
    return mean([w * x for w, x in zip(weights, log_probabilities)])


def sat_imp(log_probabilities, beta1, beta2):
    p = torch.exp(log_probabilities.detach())
    return mean([a**beta1 * (1 - a) ** beta2 * x for a, x in zip(p, log_probabilities)])


def flatness(logits):
    return mean([(z.max() - z.mean()) ** 2 for z in logits])


def distance(states, target):
    rows, width = states.shape
    return sum((states[i, j] - target[j]) ** 2
               for i in range(rows) for j in range(width)) / (rows * width)


# Name, what learns, what is constant, settings.
def cases(d):
    n, v = d.integer(1, 5), d.integer(3, 7)
    logits, reference = (torch.tensor(d.matrix(n, v)) for _ in range(2))
    labels = d.integers(n, 0, v - 1)
    nll, reference_nll, other, other_reference = (
        torch.tensor(d.uniforms(n, 0.1, 9)) for _ in range(4))
    logs = torch.tensor(d.log_probabilities(n))
    beta, target = d.uniform(0.05, 3), torch.tensor(d.normals(v))
    return {
        "npo": (npo, [nll], [reference_nll], [beta]),
        "sim_npo": (sim_npo, [nll], [], [beta, d.uniform(-1, 2)]),
        "dpo": (dpo, [nll, other], [reference_nll, other_reference], [beta]),
        "kl": (kl, [logits], [reference], [d.uniform(0.5, 3)]),
        "undial": (undial, [logits], [reference], [labels, d.uniform(0, 12)]),
        "ce_u": (ce_u, [logits], [], [labels]),
        "wga": (wga, [logs], [], [beta]),
        "sat_imp": (sat_imp, [logs], [], [d.uniform(0, 6), d.uniform(0, 2)]),
        "flatness": (flatness, [logits], [], []),
        "distance": (distance, [logits], [target], []),
    }


# In the order in which the function takes them.
def arguments(name, learning, constant, settings):
    if name == "kl":
        return [*constant, *learning, *settings]
    if name == "dpo":
        (w, u), (w0, u0) = learning, constant
        return [w, w0, u, u0, *settings]
    return [*learning, *constant, *settings]


def row(name, body, learning, constant, settings):
    learning = [x.clone().requires_grad_() for x in learning]
    value = body(*arguments(name, learning, constant, settings))
    value.backward()
    return {"loss": name, "learning": [x.tolist() for x in learning],
            "constant": [x.tolist() for x in constant], "settings": settings,
            "value": value.item(), "gradients": [x.grad.tolist() for x in learning]}


rows = [row(name, *case) for i in range(20) for name, case in cases(Draws("unlearning", i)).items()]
path = pathlib.Path(__file__).with_suffix(".json")
lines = ",\n  ".join(json.dumps(r, separators=(",", ":")) for r in rows)
path.write_text('{\n "generator": %s,\n "rows": [\n  %s\n ]\n}\n' % (
    json.dumps({"script": path.with_suffix(".py").name, "torch": torch.__version__}), lines))
