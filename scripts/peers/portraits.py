# The portraits of Sources/Personas drawn with pycairo: the same parts with the same sizes and
# colors, anti-aliased, and the same light and noise in NumPy. Where cairo works otherwise, this
# follows cairo:
#
#   - a body is shaded by a radial gradient, not by the distance to its outline;
#   - a soft edge is a gradient, a join of two shapes is not rounded;
#   - strokes along arcs have one width;
#   - noise is normal, and there is no mask of the background.
#
# Each line of standard input is answered by a line of JSON:
#
#   draw SIDE COUNT       {"seconds": s} for so many people, each with light and noise
#   plain SIDE NUMBER     {"pixels": [...]} of one of them without light, noise and clutter
#
# Arguments: the plan (JSON) with looks and views.
import json
import math
import os
import sys
import time

import cairo
import numpy as np

from canvas import (
    Canvas, above, below, box, ellipse, lit, mixed, paired, polygon, stroke, together)

INK, WHITE = (26, 22, 28), (252, 252, 252)
CAP, BEANIE, GOLD = (14, 118, 62), (116, 54, 176), (255, 196, 10)
HAIR = [(34, 30, 36), (132, 76, 32), (240, 202, 92), (206, 62, 24), (158, 160, 166), (42, 86, 226),
        (250, 96, 172)]
SKIN = [(255, 228, 206), (220, 168, 98), (166, 108, 66), (94, 58, 44), (252, 160, 164)]
SHIRT = [(212, 36, 40), (40, 80, 206), (34, 146, 66), (248, 216, 44), (130, 48, 168),
         (244, 244, 246), (36, 36, 42), (248, 130, 22)]
GROUND = [(66, 178, 170), (182, 184, 188), (250, 186, 206), (250, 230, 118), (118, 168, 240),
          (136, 204, 104)]
EYES = [(186, 108, 28), (36, 122, 238), (30, 164, 70), (18, 18, 22)]
SIDE_CURLS = [(7.6, -1.6), (8.2, 1.9), (6.9, 5.2), (5.2, -0.6)]
CROWN_CURLS = [(0, -8.2), (3.8, -7.5), (6.7, -5), (7.9, -2), (3, -4)]
FRINGE_CURLS = [(-5.4, -4.2), (-3.2, -5.7), (-0.8, -6.1), (1.6, -6), (3.8, -5.4), (5.6, -3.9),
                (-6.4, -2), (6.4, -2)]
STAR = [(0, -9.4), (0.36, -8.5), (1.33, -8.43), (0.59, -7.81), (0.82, -6.87), (0, -7.38),
        (-0.82, -6.87), (-0.59, -7.81), (-1.33, -8.43), (-0.36, -8.5)]
CROWN = [(-7, -5.2), (-7.7, -11.2), (-4.6, -8.8), (-3.9, -11.7), (-1.6, -8.9), (0, -12.4),
         (1.6, -8.9), (3.9, -11.7), (4.6, -8.8), (7.7, -11.2), (7, -5.2)]
CROP = [(-5.9, -5.6), (-5.4, -2.6), (-3.6, -4.5), (-2.4, -3.2), (-0.4, -4.7), (1.2, -3.4),
        (2.8, -4.8), (4.6, -3.3), (5.9, -5.6)]


class Scene:
    def __init__(self, look, view, side, stream):
        self.look, self.view, self.stream = look, view, stream
        self.skin, self.hair = SKIN[look["skin"]], HAIR[look["hair_color"]]
        self.ground = GROUND[look["background"]]
        self.canvas = Canvas(side, self.ground)
        matrix = cairo.Matrix(side / 32, 0, 0, side / 32, side / 2, side / 2)
        self.picture = cairo.Matrix(*matrix)
        matrix.translate(32 * view["shift_right"], 32 * view["shift_down"])
        matrix.scale(view["scale"], view["scale"])
        self.trunk = cairo.Matrix(*matrix)
        matrix.translate(0, 9)
        matrix.rotate(2 * math.atan(view["tilt"]))
        matrix.scale(1.07, 1.07)
        matrix.translate(0, -9)
        self.head = cairo.Matrix(*matrix)
        matrix.translate(1.2 * view["turn"], 0)
        self.face = cairo.Matrix(*matrix)

    def at(self, matrix):
        self.canvas.c.set_matrix(matrix)

    def draw(self):
        self.at(self.picture)
        self.clutter()
        self.at(self.head)
        self.hair_behind()
        self.at(self.trunk)
        self.body()
        self.at(self.head)
        self.skull()
        self.at(self.face)
        self.features()
        self.at(self.head)
        self.hair_in_front()
        self.at(self.face)
        self.brows()
        self.glasses()
        self.at(self.head)
        self.hat()

    def clutter(self):
        if not self.view["clutter"]:
            return
        draw = self.stream.uniform
        for i in range(6):
            tone = 1 + (draw(0.05, 0.13) if i % 2 == 0 else draw(-0.15, -0.06))
            color = tuple(min(255, v) for v in lit(self.ground, tone))
            x, y, w, h = draw(-16, 16), draw(-16, 16), draw(1.5, 6), draw(1.5, 6)
            shape = [ellipse(x, y, w, h), box(x, y, w, h, 1),
                     stroke(x, y, x + 2 * w - 6, y + 8, h / 3, 0.5)][i % 3]
            self.canvas.soft(shape, color)

    def body(self):
        c, skin, shirt = self.canvas, self.skin, SHIRT[self.look["shirt"]]
        black = self.look["shirt"] == 6
        c.body(box(0, 8.5, 2.5, 4, 1), lit(skin, 0.9))
        c.flat(ellipse(0, 6.2, 3.6, 3), lit(skin, 0.68), inside=[box(0, 8.5, 2.5, 4)])
        c.body(together(box(0, 19, 11.4, 8.6, 5.2), box(0, 12.4, 4.6, 2.4, 1)), shirt, 0.8,
               outside=[ellipse(0, 8.6, 3.1, 3.6)])
        fold = tuple(min(255, v) for v in lit(shirt, 1.9 if black else 0.66))
        c.flat(paired(stroke(7.4, 13.4, 7.9, 16.5, 0.22, 0.3)), fold, 0.8)
        flap = polygon([(2.5, 8.7), (4.3, 9.9), (3.0, 13.2), (0.2, 11.9)])
        c.body(paired(flap), tuple(min(255, v) for v in lit(shirt, 1.7 if black else 1.12)), 0.92, 0.26)
        c.flat(stroke(0, 13.2, 0, 16.5, 0.16, 0.16), fold, 0.8)
        for y in (13.7, 15.4):
            c.body(ellipse(0, y, 0.42, 0.42), tuple(min(255, v) for v in lit(shirt, 1.12)), 0.84, 0.16)

    outline = staticmethod(together(ellipse(0, -1.4, 6.2, 6.3), ellipse(0, 2.5, 4.8, 4.6)))

    def skull(self):
        c, skin = self.canvas, self.skin
        c.body(paired(ellipse(6.4, 0.3, 1.3, 1.9)), skin, 0.8)
        c.flat(paired(ellipse(6.5, 0.4, 0.6, 1.1)), lit(skin, 0.74))
        c.body(self.outline, skin, 0.86)

    def features(self):
        c, skin = self.canvas, self.skin
        for x in (-3.7, 3.7):
            c.soft(ellipse(x, 2.3, 2.1, 1.6), mixed(skin, (236, 84, 84), 0.34), 0.75)
        self.beard()
        c.flat(stroke(0.35, -0.2, 0.75, 1.7, 0.12, 0.22), lit(skin, 0.78))
        c.arc(0, 2.05, 0.95, 0.35, 0.26, lit(skin, 0.66), 0.9)
        self.mouth()
        if self.look["glasses"] == 1:
            c.flat(paired(ellipse(2.85, -0.8, 2.6, 2.6)), (214, 234, 248), 0.8)
        for x in (-2.75, 2.75):
            c.body(ellipse(x, -0.9, 1.9, 1.65), WHITE, 0.9, 0.16)
            c.body(ellipse(x, -0.85, 1.38, 1.4), EYES[self.look["eyes"]], 0.74, 0.1)
            c.flat(ellipse(x, -0.85, 0.48, 0.52), INK)
            c.flat(ellipse(x + 0.45, -1.4, 0.36, 0.36), WHITE)
            c.arc(x, -1.6, 1.9, -0.85, 0.28, lit(skin, 0.36))

    def beard(self):
        kind = self.look["beard"]
        if kind == 0:
            return
        dark = self.look["skin"] == 3
        color = mixed(self.hair, WHITE, 0.45) if dark else lit(self.hair, 0.45)
        if kind == 2:
            self.at(self.head)
            self.canvas.body(self.outline, color, 0.84, 0.26, inside=[below(0.6)],
                             outside=[ellipse(0, 0.2, 5.6, 3.4), ellipse(0, 4.8, 3, 1.5)])
            self.at(self.face)
        self.canvas.body(paired(stroke(0.5, 2.95, 3.6, 3.8, 1, 0.45)), color, 0.84, 0.26)

    def mouth(self):
        c, skin = self.canvas, self.skin
        lips = (240, 138, 156) if self.look["skin"] == 3 else (186, 52, 58)
        kind = self.look["mouth"]
        if kind == 0:
            c.body(ellipse(0, 3.6, 3, 2.5), WHITE, 0.94, 0, inside=[below(3.9)])
            c.line(ellipse(0, 3.6, 3, 2.5), lips, 0.26, inside=[below(3.7)])
            c.flat(box(0, 3.9, 3, 0.26), lips)
            c.arc(0, 6.55, 0.9, 0.2, 0.18, lit(skin, 0.72))
        elif kind == 1:
            c.arc(0, 5.5, 2.8, -1.5, 0.6, lips)
            c.arc(0, 6.4, 1, -0.3, 0.18, lit(skin, 0.72))
        else:
            gape = ellipse(0, 4.9, 1.9, 1.85)
            c.body(gape, (96, 14, 24), 0.8, 0)
            c.flat(ellipse(0, 6.1, 1.3, 0.9), (226, 92, 98), inside=[gape])
            c.flat(box(0, 3.5, 1.2, 0.45, 0.2), WHITE, inside=[gape])
            c.line(gape, lips, 0.28)

    def brows(self):
        color = self.hair if self.look["hair_color"] == 0 else lit(self.hair, 0.6)
        lean = {0: -0.15, 1: 0.7, 2: -0.35}[self.look["mouth"]]
        self.canvas.flat(
            paired(stroke(1.2, -3.3 + lean * 0.5, 4.4, -3.5 - lean * 0.3, 0.46, 0.26)), color)

    # Hair

    @property
    def hairline(self):
        return [below(-40 if self.look["hat"] == 0 else -6.2)]

    def sheen(self, x, y, half, sag, thickness):
        lift = 2.3 if self.look["hair_color"] == 0 else 1.22
        self.canvas.arc(x, y, half, sag, thickness,
                        tuple(min(255, v) for v in lit(self.hair, lift)), 0.7)

    def strand(self, shape):
        self.canvas.flat(shape, lit(self.hair, 0.62), 0.75)

    def mass(self, shape, outside=(), inside=(), contour=0.3):
        self.canvas.body(shape, self.hair, 0.78, contour, [*self.hairline, *inside], outside)

    def hair_behind(self):
        style = self.look["hair_style"]
        if style == 0:
            self.mass(ellipse(0, -2.6, 7.5, 6.9))
        elif style == 1:
            self.mass(together(box(0, 4, 8.6, 9, 4), ellipse(0, -2.2, 8, 7.4)))
        elif style == 2:
            curls = [paired(ellipse(x, y, 2.9, 2.9)) for x, y in SIDE_CURLS]
            self.canvas.body(together(*curls), self.hair, 0.78)
            if self.look["hat"] == 0:
                curls = [paired(ellipse(x, y, 2.9, 2.9)) for x, y in CROWN_CURLS]
                self.canvas.body(together(*curls), self.hair, 0.78)
        else:
            self.mass(ellipse(0, -2.4, 7.2, 6.9))
            tail = together(stroke(8.9, 0.2, 10.4, 7.4, 2.3, 1.0), ellipse(8.9, 1.6, 2.5, 3))
            self.canvas.body(paired(tail), self.hair, 0.78)
            self.strand(paired(stroke(9.2, 1, 10.2, 6.4, 0.25, 0.15)))
            self.canvas.body(paired(ellipse(7.5, -1.4, 1.2, 1.3)), WHITE, 0.84, 0.26)

    def hair_in_front(self):
        style, bare = self.look["hair_style"], self.look["hat"] == 0
        if style == 0:
            self.mass(ellipse(0, -2.6, 7.3, 6.7), [ellipse(0, 3.2, 5.7, 7.6)], [above(0.6)])
            self.mass(polygon(CROP), contour=0)
            if bare:
                self.sheen(-0.6, -7.0, 3.6, -0.9, 0.34)
                self.strand(stroke(2.4, -8.4, 4.4, -5.4, 0.18, 0.1))
                self.strand(stroke(-1.6, -6, -2.4, -4, 0.16, 0.1))
        elif style == 1:
            opening = together(ellipse(0, 1.4, 5.3, 6.5), ellipse(-0.8, -3.4, 1.6, 3.2))
            self.mass(ellipse(0, -2.2, 7.9, 7.2), [ellipse(0, 1.4, 5.3, 6.5)], [above(2)])
            lock = together(stroke(7.1, -1, 6.9, 13, 1.7, 1.5), stroke(6.9, 13, 5.9, 15.2, 1.5, 0.4))
            self.mass(paired(lock))
            self.strand(paired(stroke(6.6, -3, 6.4, 13.4, 0.2, 0.14)))
            self.strand(paired(stroke(7.7, 1, 7.3, 13, 0.16, 0.12)))
            if bare:
                self.sheen(3.2, -6.4, 2, -0.5, 0.32)
                self.sheen(-4, -6, 1.6, -0.5, 0.3)
        elif style == 2:
            self.mass(together(*(ellipse(x, y, 1.75, 1.75) for x, y in FRINGE_CURLS)), contour=0.2)
            rings = [(7.8, 0.4), (7.4, 3.6)] + ([(2.2, -8.4), (6.2, -5.2)] if bare else [])
            for x, y in rings:
                self.canvas.line(paired(ellipse(x, y, 1.1, 1.1)), lit(self.hair, 0.62), 0.18, 0.75)
            if bare:
                self.sheen(-2.6, -8.6, 1.4, -0.7, 0.3)
        else:
            self.mass(ellipse(0, -2.4, 7.1, 6.7), [ellipse(0, 3.4, 5.6, 7)], [above(0)])
            self.mass(ellipse(0, -2.4, 6.9, 6.5), inside=[above(-3.3)], contour=0)
            for x in (1.3, 3.6):
                self.strand(paired(stroke(x, -6, 1.15 * x, -3.6, 0.16, 0.1)))
            if bare:
                self.strand(stroke(0, -9, 0, -6.6, 0.14, 0.14))
                self.sheen(0, -7, 4.4, -1.1, 0.3)

    # Glasses and hats

    def glasses(self):
        c, kind = self.canvas, self.look["glasses"]
        if kind == 1:
            c.line(paired(ellipse(2.85, -0.8, 2.6, 2.6)), INK, 0.5)
            c.arc(0, -1.1, 0.5, -0.3, 0.42, INK)
            c.flat(paired(stroke(5.4, -1.1, 6.6, -1.2, 0.36, 0.3)), INK)
            c.flat(stroke(1.5, -1.7, 2.5, -2.6, 0.2, 0.14), WHITE, 0.9)
        elif kind == 2:
            c.body(paired(box(2.95, 1.0, 2.55, 1.5, 0.9)), INK, 1.5, 0.2)
            c.flat(box(0, 0.1, 5.2, 0.45, 0.3), INK)
            c.flat(paired(stroke(5.2, 0.1, 6.7, -0.9, 0.36, 0.3)), INK)
            c.flat(stroke(3.4, 1.9, 4.4, 0.6, 0.26, 0.18), (190, 200, 220), 0.75)
            c.flat(stroke(-2.4, 1.9, -1.4, 0.6, 0.26, 0.18), (190, 200, 220), 0.75)

    def hat(self):
        c, kind = self.canvas, self.look["hat"]
        if kind == 1:
            c.body(ellipse(0, -5.2, 7.5, 6.6), CAP, 0.72, inside=[above(-4.9)])
            c.line(ellipse(0, -5.2, 3.9, 6.4), lit(CAP, 0.55), 0.16, inside=[above(-5.2)])
            c.body(ellipse(0, -11.8, 0.7, 0.5), CAP, 0.84, 0.2)
            c.body(ellipse(0, -8, 1.9, 1.9), WHITE, 0.84, 0.2)
            c.flat(polygon(STAR), CAP)
            c.body(stroke(-6.6, -5.3, 10.2, -4.7, 0.95, 1.1), lit(CAP, 1.35), 0.7)
        elif kind == 2:
            c.body(ellipse(0, -12.1, 1.9, 1.7), WHITE, 0.78)
            c.body(ellipse(0, -5.4, 7.3, 6.8), BEANIE, 0.74, inside=[above(-5)])
            c.line(ellipse(0, -5.4, 2.2, 6.4), lit(BEANIE, 0.66), 0.16, inside=[above(-6)])
            c.line(ellipse(0, -5.4, 5, 6.6), lit(BEANIE, 0.66), 0.16, inside=[above(-6)])
            c.body(box(0, -5.6, 7.7, 1.45, 1), lit(BEANIE, 1.45), 0.84)
            for x in (0.9, 2.7, 4.5, 6.2):
                c.flat(paired(stroke(x, -6.6, x, -4.6, 0.16, 0.16)), lit(BEANIE, 0.66))
        elif kind == 3:
            c.body(polygon(CROWN), GOLD, 0.78, 0.34)
            for x, y in [(0, -12.4), (3.9, -11.7), (7.7, -11.2)]:
                c.body(paired(ellipse(x, y, 0.75, 0.75)), GOLD, 0.78, 0.34)
            c.body(box(0, -5.8, 7.2, 1.1, 0.5), GOLD, 0.78, 0.34)
            c.body(ellipse(0, -8, 1, 1.1), (214, 24, 70), 0.7, 0.2)
            c.body(paired(ellipse(4, -8, 0.75, 0.85)), (20, 150, 170), 0.7, 0.2)
            for x in (1.8, 4.8):
                c.body(paired(ellipse(x, -5.8, 0.5, 0.5)), (250, 250, 250), 0.7, 0.2)


def drawing(look, view, side, stream):
    """Levels of 0 … 255, red, green, blue: [side, side, 3]."""
    scene = Scene(look, view, side, stream)
    scene.draw()
    surface = scene.canvas.surface
    surface.flush()
    rows = np.frombuffer(surface.get_data(), np.uint8).reshape(side, surface.get_stride() // 4, 4)
    return rows[:, :side, 2::-1]


def portrait(look, view, side, stream):
    """The drawing in its light, with noise."""
    pixels = drawing(look, view, side, stream).astype(np.float32)
    place = (np.arange(side, dtype=np.float32) + 0.5) * (2 / side) - 1
    light = view["light"] * (1 + view["light_down"] * place[:, None] + view["light_right"] * place)
    pixels *= light[:, :, None]
    pixels += stream.standard_normal(pixels.shape, np.float32) * np.float32(view["noise"])
    return np.clip(pixels + 0.5, 0, 255).astype(np.uint8)


def answer(plan, command, side, number):
    people = plan["people"]
    if command == "plain":
        view = {**plan["neutral"]}
        pixels = drawing(people[number]["look"], view, side, np.random.default_rng(0))
        return {"pixels": pixels.flatten().tolist()}
    start = time.perf_counter()
    for i in range(number):
        person = people[i % len(people)]
        portrait(person["look"], person["view"], side, np.random.default_rng(i))
    return {"seconds": time.perf_counter() - start}


if __name__ == "__main__":
    os.setpgid(0, 0)
    with open(sys.argv[1]) as file:
        plan = json.load(file)
    for line in sys.stdin:
        command, side, number = line.split()
        try:
            result = answer(plan, command, int(side), int(number))
        except Exception as error:
            result = {"failed": f"{type(error).__name__}: {error}".splitlines()[0][:200]}
        print(json.dumps(result), flush=True)
