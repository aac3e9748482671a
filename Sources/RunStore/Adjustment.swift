// P-values that hold for many questions at once.

import Metrics

/// What has a p-value, which is adjusted for all of its family.
protocol Adjustable {
  var pValue: Double? { get }
  var adjustedPValue: Double? { get set }
}

/// P-values adjusted by Holm within each family; where there is no p-value none is adjusted.
func adjustedByHolm<Member: Adjustable, Family: Hashable>(
  _ members: [Member], within family: (Member) -> Family
) -> [Member] {
  var result = members
  for places in Dictionary(grouping: members.indices, by: { family(members[$0]) }).values {
    for (place, p) in zip(places, holmAdjusted(places.map { members[$0].pValue ?? .nan })) {
      result[place].adjustedPValue = p.isNaN ? nil : p
    }
  }
  return result
}
