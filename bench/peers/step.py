"""PyTorch's side of `walras bench step`: points per second of one training step, as JSON.

The step: 1024 points, 3 inputs z, a, t, four hidden layers of 50 tanh, one output J; f linear in J, J_z, J_a, J_t, J_zz, J_aa and J_za with
coefficients known at each point; loss mean(f^2) + mean((J - 1)^2); gradient with respect to all weights; one update by Adam.

Formulations: `slides` differentiates column by column, one `grad` for each derivative; `nested` takes the whole gradient of J at once and
differentiates its entries. Of each the best of one and two threads counts.
"""

import json
import time

import torch

POINTS = 1024
MEANS = {"value": -0.05, "z": 0.1, "a": 0.2, "t": 1.0, "zz": 0.05, "za": 0.01, "aa": 0.05}


def network(dtype):
    layers, width = [], 3
    for _ in range(4):
        layers += [torch.nn.Linear(width, 50), torch.nn.Tanh()]
        width = 50
    return torch.nn.Sequential(*layers, torch.nn.Linear(width, 1)).to(dtype)


def grad(y, x):
    return torch.autograd.grad(y, x, torch.ones_like(y), create_graph=True)[0]


def residual_slides(net, x, c):
    z, a, t = (x[:, i : i + 1].clone().requires_grad_() for i in range(3))
    J = net(torch.cat([z, a, t], 1))
    J_z, J_a, J_t = grad(J, z), grad(J, a), grad(J, t)
    f = c["value"] * J + c["z"] * J_z + c["a"] * J_a + c["t"] * J_t
    return J, f + c["zz"] * grad(J_z, z) + c["aa"] * grad(J_a, a) + c["za"] * grad(J_a, z)


def residual_nested(net, x, c):
    x = x.clone().requires_grad_()
    J = net(x)
    G = grad(J, x)
    of_z, of_a = grad(G[:, :1], x), grad(G[:, 1:2], x)
    f = c["value"] * J + c["z"] * G[:, :1] + c["a"] * G[:, 1:2] + c["t"] * G[:, 2:]
    return J, f + c["zz"] * of_z[:, :1] + c["aa"] * of_a[:, 1:2] + c["za"] * of_a[:, :1]


def points_per_second(dtype, residual):
    torch.manual_seed(0)
    net = network(dtype)
    adam = torch.optim.Adam(net.parameters(), 1e-3)
    x = torch.rand(POINTS, 3, dtype=dtype)
    c = {name: mean * (0.9 + 0.2 * torch.rand(POINTS, 1, dtype=dtype)) for name, mean in MEANS.items()}

    def step():
        J, f = residual(net, x, c)
        loss = (f * f).mean() + ((J - 1) ** 2).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()

    for _ in range(10):
        step()
    best = float("inf")
    for _ in range(6):
        begun = time.perf_counter()
        for _ in range(15):
            step()
        best = min(best, (time.perf_counter() - begun) / 15)
    return POINTS / best


def main():
    rates = {}
    for threads in (1, 2):
        torch.set_num_threads(threads)
        for precision in ("float32", "float64"):
            for name, residual in (("slides", residual_slides), ("nested", residual_nested)):
                rate = points_per_second(getattr(torch, precision), residual)
                of = rates.setdefault(precision, {})
                of[name] = max(of.get(name, 0), round(rate))
    print(json.dumps({"torch": torch.__version__, "points_per_second": rates}))


main()
