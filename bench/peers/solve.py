"""PyTorch's side of `npm run bench:peers -- --solve`: the benchmark economy of walras (brunnermeier-sannikov-2016, calibration course) solved
as the lectures on ALIENs do it. Prints one JSON object: seconds, outer steps, and what was found at the points asked for.

Value functions J_e and J_h are nets of (state, time), 4 x 30 tanh. Each outer step
  1. solves the static block on a grid of 1000 nodes, upward, for the share of capital of experts (the price follows from the goods market),
  2. freezes the coefficients of J_t + b J_z + d J_zz + l J = 0 on [0, dt],
  3. draws points among the nodes, 200 anywhere and 100 within 0.05 of the switch, once for the step,
  4. trains each net on the mean squares of the PDE, of J = J_old at t = dt, and of both again on the active points, by Adam and then L-BFGS, from
     the weights of the last step; one `grad` for each derivative,
and it ends when neither value function changes by more than the tolerance. Kinder than the lectures: float64 throughout, so that L-BFGS
works, and nets that learn J in units of its largest value.
"""

import argparse
import json
import time

import numpy as np
import torch

RHO, A_E, A_H, KAPPA, DELTA, Z_BAR, DEATH, SIGMA, GAMMA = 0.05, 0.1, 0.02, 5.0, 0.05, 0.1, 0.02, 0.06, 2.0
NODES, POINTS, ACTIVE, BAND, DT = 1000, 200, 100, 0.05, 2.0
Z = np.linspace(0.001, 0.999, NODES)


def price(psi):
    """Goods market: RHO q = psi A_E + (1 - psi) A_H - (q - 1)/KAPPA."""
    return (psi * A_E + (1 - psi) * A_H + 1 / KAPPA) / (RHO + 1 / KAPPA)


def static_block(slope_e, slope_h):
    """The share psi at each node, the price q, the volatility of returns; slopes are those of log J."""
    psi, volatility = np.ones(NODES), np.full(NODES, SIGMA)
    before, q_before, z_before = 0.0, price(0.0), 0.0
    for i, z in enumerate(Z):
        bracket = 1 / (z * (1 - z)) - (1 - GAMMA) * (slope_e[i] - slope_h[i])

        def of(x):
            q = price(x)
            sigma_r = SIGMA / (1 - (q - q_before) / (z - z_before) / q * (x - z))
            return (A_E - A_H) / q - sigma_r**2 * (x - z) * bracket, sigma_r

        # The first root upward: a scan, then bisection. Beyond a pole of the volatility there is a second one.
        low, high = max(before, z), max(before, z) + 1e-3
        while high < 1 and of(high)[0] > 0:
            low, high = high, high + 1e-3
        if high >= 1:
            break
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if of(middle)[0] > 0 else (low, middle)
        x = (low + high) / 2
        psi[i], volatility[i] = x, of(x)[1]
        before, q_before, z_before = x, price(x), z
    return psi, price(psi), volatility


def coefficients(psi, q, sigma_r, J, slope, experts):
    """b, d and l of one agent's PDE on the grid; `slope` is that of log J of the agent, and of experts in mu_z."""
    iota = (q - 1) / KAPPA
    sigma_z = (psi - Z) * sigma_r
    zeta = sigma_z / Z + sigma_r - (1 - GAMMA) * sigma_z * slope["e"] + (GAMMA - 1) * SIGMA
    mu_z = Z * ((A_E - iota) / q - RHO + (psi / Z - 1) * sigma_r * (zeta - sigma_r)) + DEATH * (Z_BAR - Z)
    who = "e" if experts else "h"
    wealth = (Z if experts else 1 - Z) * q
    growth = np.log(q) / KAPPA - DELTA - GAMMA / 2 * ((sigma_z * slope[who]) ** 2 + SIGMA**2)
    level = growth + RHO * (np.log(RHO) + np.log(wealth) - np.log(J[who]))
    return mu_z + (1 - GAMMA) * SIGMA * sigma_z, sigma_z**2 / 2, level


def network():
    layers, width = [], 2
    for _ in range(4):
        layers += [torch.nn.Linear(width, 30), torch.nn.Tanh()]
        width = 30
    net = torch.nn.Sequential(*layers, torch.nn.Linear(width, 1)).double()
    for layer in net:
        if isinstance(layer, torch.nn.Linear):
            torch.nn.init.xavier_normal_(layer.weight)
            torch.nn.init.zeros_(layer.bias)
    return net


def column(values):
    return torch.from_numpy(np.ascontiguousarray(values)).reshape(-1, 1)


def grad(y, x):
    return torch.autograd.grad(y, x, torch.ones_like(y), create_graph=True)[0]


def value(net, scale, z, t):
    """Inputs on [-1, 1], as in the lectures' first code."""
    return scale * net(torch.cat([2 * z - 1, 2 * t / DT - 1], 1))


def train(net, scale, terms, terminal, rows, epochs, iterations):
    """`terms` are b, d, l and `terminal` is J_old, all on the grid; `rows` the nodes drawn, those of the active region last."""
    b, d, l, goal, z = (column(v[rows]) for v in (*terms, terminal, Z))
    t = DT * torch.rand(len(rows), 1, dtype=torch.float64)
    end = torch.full_like(t, DT)
    size = goal.abs().max()

    def loss():
        zg, tg = z.clone().requires_grad_(), t.clone().requires_grad_()
        J = value(net, scale, zg, tg)
        J_z, J_t = grad(J, zg), grad(J, tg)
        f = DT * (J_t + b * J_z + d * grad(J_z, zg) + l * J) / size
        misfit = (value(net, scale, z, end) - goal) / size
        total = (f[:POINTS] ** 2).mean() + (misfit[:POINTS] ** 2).mean()
        return total + (f[POINTS:] ** 2).mean() + (misfit[POINTS:] ** 2).mean() if len(rows) > POINTS else total

    def closure():
        optimiser.zero_grad()
        current = loss()
        current.backward()
        return current

    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    for _ in range(epochs):
        optimiser.step(closure)
    optimiser = torch.optim.LBFGS(net.parameters(), max_iter=iterations, history_size=50, tolerance_grad=1e-10, tolerance_change=1e-12, line_search_fn="strong_wolfe")
    optimiser.step(closure)
    return float(loss().detach())


def on_grid(net, scale):
    """J and the slope of log J at t = 0."""
    z = column(Z).requires_grad_()
    J = value(net, scale, z, torch.zeros_like(z))
    J_z = torch.autograd.grad(J.sum(), z)[0]
    J = J.detach()
    return J.numpy()[:, 0].copy(), (J_z / J).numpy()[:, 0].copy()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=70)
    parser.add_argument("--epochs", type=int, default=2000, help="of Adam in the first step, divided by the root of its number in the others")
    parser.add_argument("--iterations", type=int, default=200, help="of L-BFGS in each step")
    parser.add_argument("--tolerance", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--at", type=lambda text: [float(x) for x in text.split(",")], default=[0.05, 0.1, 0.2, 0.5, 0.9])
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    begun = time.perf_counter()
    nets, scale = {who: network() for who in "eh"}, {who: 1.0 for who in "eh"}
    J, slope = {who: np.ones(NODES) for who in "eh"}, {who: np.zeros(NODES) for who in "eh"}
    for step in range(1, asked.steps + 1):
        psi, q, sigma_r = static_block(slope["e"], slope["h"])
        switch = Z[np.argmax(psi >= 1)]
        near = np.flatnonzero(np.abs(Z - switch) <= BAND)
        rows = np.concatenate([random.choice(NODES, POINTS), random.choice(near, ACTIVE)])
        found, change, losses = {}, 0.0, {}
        for who in "eh":
            terms = coefficients(psi, q, sigma_r, J, slope, who == "e")
            new = float(J[who].max())
            with torch.no_grad():
                for parameter in nets[who][-1].parameters():
                    parameter *= scale[who] / new
            scale[who] = new
            losses[who] = train(nets[who], new, terms, J[who], rows, int(asked.epochs / step**0.5), asked.iterations)
            found[who] = on_grid(nets[who], new)
            change = max(change, float(np.max(np.abs(found[who][0] / J[who] - 1))))
        J, slope = {who: found[who][0] for who in "eh"}, {who: found[who][1] for who in "eh"}
        if not min(J["e"].min(), J["h"].min()) > 0:
            raise SystemExit(f"step {step}: a value function is no longer positive")
        if change <= asked.tolerance:
            break
    psi, q, sigma_r = static_block(slope["e"], slope["h"])
    at = {name: np.interp(asked.at, Z, of).tolist() for name, of in (("q", q), ("psi", psi), ("sigma_R", sigma_r), ("J_e", J["e"]), ("J_h", J["h"]))}
    print(json.dumps({"torch": torch.__version__, "seconds": time.perf_counter() - begun, "steps": step, "change": change, "losses": losses,
                      "z_star": float(Z[np.argmax(psi >= 1)]), "z": asked.at, "at": at}))


main()
