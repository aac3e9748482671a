// Names beside points. Where points lie close together their names are moved up, and down at the top
// edge, until none covers another; a thin line leads from a moved name to its point.

struct PointLabels {
  private struct Place {
    let text: String
    let point: (x: Double, y: Double)
    /// Left end and width of the name.
    let x: Double
    let width: Double
    var y: Double

    func covers(_ other: Place) -> Bool {
      x < other.x + other.width && other.x < x + width && abs(y - other.y) < PointLabels.line
    }
  }

  private static let line = 13.0
  /// More names would cover the points.
  private static let most = 60
  private var places: [Place] = []

  init(_ series: [Series], _ plane: Plane) {
    let points = series.flatMap { one in
      one.drawable.filter { $0 < one.labels.count && !one.labels[$0].isEmpty }.map {
        (text: one.labels[$0], x: plane.x(one.x[$0]), y: plane.y(one.y[$0]))
      }
    }
    guard points.count <= Self.most else { return }
    // From below: most room is above points that lie together at the lower edge.
    for point in points.sorted(by: { ($0.y, $0.x, $1.text) > ($1.y, $1.x, $0.text) }) {
      let width = ChartText.width(point.text, size: 11.5)
      let fits = point.x + 9 + width < plane.x.end
      var place = Place(
        text: point.text, point: (point.x, point.y), x: fits ? point.x + 9 : point.x - 9 - width,
        width: width, y: point.y)
      while let other = places.first(where: place.covers) { place.y = other.y - Self.line }
      if place.y < plane.top {
        place.y = point.y
        while let other = places.first(where: place.covers) { place.y = other.y + Self.line }
      }
      places.append(place)
    }
  }

  func draw(into svg: inout SVG) {
    for place in places {
      if place.y != place.point.y {
        let end = place.x > place.point.x ? place.x - 1 : place.x + place.width + 1
        svg.line(place.point.x, place.point.y, end, place.y, "grid")
      }
      svg.text(place.text, place.x, place.y + 4, "tick")
    }
  }
}
