# Shapes and paints of the portraits, on a pycairo context whose unit is a 32nd of the picture.
import math

import cairo


def lit(color, factor):
    return tuple(c * factor for c in color)


def mixed(color, other, share):
    return tuple(a + (b - a) * share for a, b in zip(color, other))


# Shapes: functions that add themselves to the path of a context.

def ellipse(x, y, rx, ry):
    def path(c):
        c.save()
        c.translate(x, y)
        c.scale(rx, ry)
        c.new_sub_path()
        c.arc(0, 0, 1, 0, 2 * math.pi)
        c.close_path()
        c.restore()
    return path


def box(x, y, w, h, corner=0.0):
    def path(c):
        r = min(corner, w, h)
        c.new_sub_path()
        for i, (cx, cy) in enumerate([(x + w - r, y + h - r), (x - w + r, y + h - r),
                                      (x - w + r, y - h + r), (x + w - r, y - h + r)]):
            c.arc(cx, cy, r, i * math.pi / 2, (i + 1) * math.pi / 2)
        c.close_path()
    return path


def stroke(x0, y0, x1, y1, start, end):
    def path(c):
        along = math.atan2(y1 - y0, x1 - x0)
        lean = math.acos(max(-1, min(1, (start - end) / math.hypot(x1 - x0, y1 - y0))))
        c.new_sub_path()
        c.arc(x0, y0, start, along + lean, along - lean + 2 * math.pi)
        c.arc(x1, y1, end, along - lean, along + lean)
        c.close_path()
    return path


def polygon(points):
    def path(c):
        c.move_to(*points[0])
        for point in points[1:]:
            c.line_to(*point)
        c.close_path()
    return path


def together(*shapes):
    def path(c):
        for shape in shapes:
            shape(c)
    return path


def paired(shape):
    def path(c):
        shape(c)
        c.save()
        c.scale(-1, 1)
        shape(c)
        c.restore()
    return path


class Canvas:
    def __init__(self, side, ground):
        self.surface = cairo.ImageSurface(cairo.FORMAT_RGB24, side, side)
        self.c = cairo.Context(self.surface)
        self.color(ground)
        self.c.paint()

    def color(self, color, opacity=1.0):
        r, g, b = color
        self.c.set_source_rgba(r / 255, g / 255, b / 255, opacity)

    def clipped(self, inside, outside):
        """Limits drawing to shapes, and to what lies outside of others."""
        for shape in inside:
            shape(self.c)
            self.c.clip()
        for shape in outside:
            self.c.rectangle(-99, -99, 198, 198)
            shape(self.c)
            self.c.set_fill_rule(cairo.FILL_RULE_EVEN_ODD)
            self.c.clip()
            self.c.set_fill_rule(cairo.FILL_RULE_WINDING)

    def flat(self, shape, color, opacity=1.0, inside=(), outside=()):
        self.c.save()
        self.clipped(inside, outside)
        self.color(color, opacity)
        shape(self.c)
        self.c.fill()
        self.c.restore()

    def body(self, shape, color, shade=0.84, contour=0.3, inside=(), outside=()):
        self.c.save()
        self.clipped(inside, outside)
        shape(self.c)
        if contour:
            self.color(lit(color, 0.42))
            self.c.set_line_width(2 * contour)
            self.c.stroke_preserve()
        left, top, right, bottom = self.c.fill_extents()
        self.c.set_source(self.gradient(left, top, right, bottom, color, lit(color, shade)))
        self.c.fill()
        self.c.restore()

    def gradient(self, left, top, right, bottom, middle, rim, opacity=1.0, rim_opacity=1.0):
        gradient = cairo.RadialGradient(0, 0, 0.55, 0, 0, 1)
        gradient.add_color_stop_rgba(0, *(v / 255 for v in middle), opacity)
        gradient.add_color_stop_rgba(1, *(min(v, 255) / 255 for v in rim), rim_opacity)
        x, y = (left + right) / 2, (top + bottom) / 2
        w, h = max((right - left) / 2, 0.01), max((bottom - top) / 2, 0.01)
        gradient.set_matrix(cairo.Matrix(1 / w, 0, 0, 1 / h, -x / w, -y / h))
        return gradient

    def soft(self, shape, color, opacity=1.0):
        self.c.save()
        shape(self.c)
        extents = self.c.fill_extents()
        self.c.set_source(self.gradient(*extents, color, color, opacity, 0))
        self.c.fill()
        self.c.restore()

    def line(self, shape, color, half_width, opacity=1.0, inside=(), outside=()):
        self.c.save()
        self.clipped(inside, outside)
        self.color(color, opacity)
        shape(self.c)
        self.c.set_line_width(2 * half_width)
        self.c.stroke()
        self.c.restore()

    def arc(self, x, y, half, sag, thickness, color, opacity=1.0):
        def path(c):
            c.move_to(x - half, y)
            c.curve_to(x - half / 3, y + 4 * sag / 3, x + half / 3, y + 4 * sag / 3, x + half, y)
        self.c.set_line_cap(cairo.LINE_CAP_ROUND)
        self.line(path, color, thickness * 0.85, opacity)


def below(y):
    return box(0, y + 50, 60, 50)


def above(y):
    return box(0, y - 50, 60, 50)
